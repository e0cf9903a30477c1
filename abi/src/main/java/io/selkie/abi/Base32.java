package io.selkie.abi;

/** Base32 of RFC 4648, lower case, without padding. */
final class Base32 {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  private Base32() {}

  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder((bytes.length * 8 + 4) / 5);
    int buffer = 0;
    int bits = 0;
    for (byte next : bytes) {
      buffer = ((buffer << 8) | (next & 0xff)) & 0xfff;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt((buffer >> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31));
    }
    return text.toString();
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
      int digit = ALPHABET.indexOf(text.charAt(i));
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
