package io.selkie.cli;

/** Colours texts, where they are wanted. The numbers are those of ECMA-48 (SGR). */
record Paint(boolean on) {

  /** A colour, as the reference uses them. */
  enum Colour {
    RED(31),
    GREEN(32),
    YELLOW(33),
    BLUE(34),
    MAGENTA(35),
    CYAN(36),
    PLAIN(39);

    final int code;

    Colour(int code) {
      this.code = code;
    }
  }

  private static final String SEQUENCE = "\u001b\\[[0-9;]*m";

  String in(Colour colour, String text) {
    return on && colour != Colour.PLAIN ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
  }

  String red(String text) {
    return in(Colour.RED, text);
  }

  String green(String text) {
    return in(Colour.GREEN, text);
  }

  String yellow(String text) {
    return in(Colour.YELLOW, text);
  }

  String blue(String text) {
    return in(Colour.BLUE, text);
  }

  String cyan(String text) {
    return in(Colour.CYAN, text);
  }

  String magenta(String text) {
    return in(Colour.MAGENTA, text);
  }

  String yesNo(boolean yes) {
    return yes ? green("YES") : red("NO");
  }

  /** How many columns a text takes on a terminal. */
  static int width(String text) {
    return (text.indexOf('\u001b') < 0 ? text : text.replaceAll(SEQUENCE, "")).length();
  }
}
