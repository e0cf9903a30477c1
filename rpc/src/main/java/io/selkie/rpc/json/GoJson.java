package io.selkie.rpc.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * Writes JSON as Go's {@code encoding/json} does with HTML escaping: compact, {@code <}, {@code >}
 * and {@code &} escaped, U+2028 and U+2029 escaped, everything else outside the control characters
 * literal.
 */
public final class GoJson {

  private static final String HEX = "0123456789abcdef";
  private static final double EXPONENT_FROM = 1e21;
  private static final double EXPONENT_BELOW = 1e-6;

  private GoJson() {}

  /** Runs of characters that stand for themselves are taken over whole. */
  public static void text(StringBuilder out, String value) {
    out.append('"');
    int from = 0;
    for (int i = 0; i < value.length(); i++) {
      if (!isPlain(value.charAt(i))) {
        out.append(value, from, i);
        i += special(out, value, i);
        from = i + 1;
      }
    }
    if (from == 0) {
      out.append(value);
    } else {
      out.append(value, from, value.length());
    }
    out.append('"');
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
  }

  /** Appends one character and says how many more were taken with it. */
  private static int special(StringBuilder out, String value, int at) {
    char c = value.charAt(at);
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '<', '>', '&', '\u2028', '\u2029' -> escape(out, c);
      default -> {
        return plain(out, value, at);
      }
    }
    return 0;
  }

  /** Appends one character and says how many more were taken with it. */
  private static int plain(StringBuilder out, String value, int at) {
    char c = value.charAt(at);
    if (c < 0x20) {
      escape(out, c);
    } else if (!Character.isSurrogate(c)) {
      out.append(c);
    } else if (Character.isHighSurrogate(c)
        && at + 1 < value.length()
        && Character.isLowSurrogate(value.charAt(at + 1))) {
      out.append(c).append(value.charAt(at + 1));
      return 1;
    } else {
      out.append('\ufffd');
    }
    return 0;
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u")
        .append(HEX.charAt(c >> 12))
        .append(HEX.charAt((c >> 8) & 15))
        .append(HEX.charAt((c >> 4) & 15))
        .append(HEX.charAt(c & 15));
  }

  /** A double in its shortest form; positional from 1e-6 up to 1e21, with an exponent elsewhere. */
  public static String number(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal shortest = shortest(value);
    double size = Math.abs(value);
    if (size >= EXPONENT_BELOW && size < EXPONENT_FROM) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + Math.abs(exponent);
  }

  /** Java writes two digits at least, also where one says it: 4.9E-324 for 5e-324. */
  private static BigDecimal shortest(double value) {
    BigDecimal java = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal digit = java.round(new MathContext(1));
    return digit.doubleValue() == value ? digit : java;
  }

  public static void value(StringBuilder out, JsonValue value) {
    switch (value) {
      case JsonValue.Null _ -> out.append("null");
      case JsonValue.Bool bool -> out.append(bool.value());
      case JsonValue.Num num -> out.append(num.literal());
      case JsonValue.Str str -> text(out, str.value());
      case JsonValue.Arr arr -> array(out, arr.items());
      case JsonValue.Obj obj -> object(out, obj.members());
    }
  }

  public static String toText(JsonValue value) {
    StringBuilder out = new StringBuilder();
    value(out, value);
    return out.toString();
  }

  private static void array(StringBuilder out, List<JsonValue> items) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      value(out, items.get(i));
    }
    out.append(']');
  }

  private static void object(StringBuilder out, List<JsonValue.Member> members) {
    out.append('{');
    for (int i = 0; i < members.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      text(out, members.get(i).name());
      out.append(':');
      value(out, members.get(i).value());
    }
    out.append('}');
  }
}
