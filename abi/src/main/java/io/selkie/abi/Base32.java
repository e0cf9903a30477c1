package io.selkie.abi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Base32 of RFC 4648, lower case, without padding. */
final class Base32 {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  /** The digit of each ASCII character, -1 for those that are none. */
  private static final byte[] DIGITS = digits();

  private Base32() {}

  private static byte[] digits() {
    byte[] digits = new byte[128];
    Arrays.fill(digits, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      digits[ALPHABET.charAt(i)] = (byte) i;
    }
    return digits;
  }

  static String encode(byte[] bytes) {
    byte[] text = new byte[(int) ((bytes.length * 8L + 4) / 5)];
    int at = 0;
    int buffer = 0;
    int bits = 0;
    for (byte next : bytes) {
      buffer = ((buffer << 8) | (next & 0xff)) & 0xfff;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text[at++] = (byte) ALPHABET.charAt((buffer >> bits) & 31);
      }
    }
    if (bits > 0) {
      text[at] = (byte) ALPHABET.charAt((buffer << (5 - bits)) & 31);
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /**
   * The bytes that {@link #encode} writes as {@code text}, and no other text.
   *
   * @throws IllegalArgumentException for a character outside the alphabet, an impossible length, or
   *     bits set behind the last byte
   */
  static byte[] decode(String text) {
    byte[] out = new byte[(int) (text.length() * 5L / 8)];
    int at = 0;
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < DIGITS.length ? DIGITS[c] : -1;
      if (digit < 0) {
        throw new IllegalArgumentException("illegal base32 data at input byte " + i);
      }
      buffer = ((buffer << 5) | digit) & 0xfff;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        out[at++] = (byte) (buffer >> bits);
      }
    }
    if (bits >= 5 || (buffer & ((1 << bits) - 1)) != 0) {
      throw new IllegalArgumentException("illegal base32 data at the end of the input");
    }
    return out;
  }
}
