package io.selkie.rpc.json;

import java.util.Arrays;

/**
 * Standard base64 with padding, decoded as Go does: line breaks are skipped, everything else that
 * is not canonical is refused with the offset of the first bad byte.
 */
public final class GoBase64 {

  private GoBase64() {}

  /**
   * The bytes of {@code text}.
   *
   * @throws WireReader.Mismatch with the offset of the first byte that does not belong
   */
  public static byte[] decode(String text) throws WireReader.Mismatch {
    byte[] out = new byte[text.length() / 4 * 3 + 3];
    int written = 0;
    int at = skipBreaks(text, 0);
    while (at < text.length()) {
      int buffer = 0;
      int digits = 0;
      int padding = 0;
      for (int i = 0; i < 4; i++) {
        if (at >= text.length()) {
          throw illegal(text.length() - digits - padding);
        }
        char c = text.charAt(at);
        int value = value(c);
        boolean pads = c == '=' && i >= 2;
        if ((value < 0 && !pads) || (value >= 0 && padding > 0)) {
          throw illegal(at);
        }
        buffer = (buffer << 6) | Math.max(value, 0);
        digits += value >= 0 ? 1 : 0;
        padding += value >= 0 ? 0 : 1;
        at = skipBreaks(text, at + 1);
      }
      for (int i = 0; i < digits - 1; i++) {
        out[written++] = (byte) (buffer >> (16 - 8 * i));
      }
      if (padding > 0 && at < text.length()) {
        throw illegal(at);
      }
    }
    return Arrays.copyOf(out, written);
  }

  private static WireReader.Mismatch illegal(int offset) {
    return new WireReader.Mismatch("illegal base64 data at input byte " + offset);
  }

  private static int skipBreaks(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
      at++;
    }
    return at;
  }

  private static int value(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
  }
}
