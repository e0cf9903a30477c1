package io.selkie.rpc.json;

import java.nio.charset.StandardCharsets;

/**
 * Reads UTF-8 as Go does: every byte that begins no whole character is one U+FFFD by itself
 * (unicode/utf8, DecodeRune: "an invalid encoding … width 1"). Java's decoder takes the beginning
 * of a character together, and a surrogate's three bytes.
 */
public final class GoText {

  private static final char REPLACEMENT = '\ufffd';
  private static final int LOW_BITS = 0x3f;

  private GoText() {}

  public static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : slowly(bytes);
  }

  private static String slowly(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (int at = 0; at < bytes.length; ) {
      int width = width(bytes, at);
      if (width == 0) {
        text.append(REPLACEMENT);
        at++;
      } else {
        text.appendCodePoint(codePoint(bytes, at, width));
        at += width;
      }
    }
    return text.toString();
  }

  /** Bytes of the character that begins here; 0 if none does (Unicode 15, table 3-7). */
  private static int width(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (width == 0 || at + width > bytes.length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < width; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return width;
  }

  private static int codePoint(byte[] bytes, int at, int width) {
    // A lead byte of n has 7 - n bits of its own.
    int point = width == 1 ? bytes[at] : bytes[at] & ((1 << (7 - width)) - 1);
    for (int i = 1; i < width; i++) {
      point = point << 6 | (bytes[at + i] & LOW_BITS);
    }
    return point;
  }
}
