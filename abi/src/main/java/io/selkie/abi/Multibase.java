package io.selkie.abi;

import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The text forms of bytes, told apart by their first character (github.com/multiformats/multibase):
 * base16, 32, 36, 58 and 64.
 */
final class Multibase {

  private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private Multibase() {}

  /**
   * The bytes of a text with its prefix.
   *
   * @throws IllegalArgumentException for an unknown prefix or a text that is not of its base
   */
  static byte[] decode(String text) {
    String digits = text.substring(1);
    return switch (text.charAt(0)) {
      case 'f' -> HexFormat.of().parseHex(lower(digits));
      case 'F' -> HexFormat.of().parseHex(upper(digits));
      case 'b' -> Base32.decode(lower(digits));
      case 'B' -> Base32.decode(upper(digits));
      case 'k' -> positional(lower(digits), BASE36);
      case 'K' -> positional(upper(digits), BASE36);
      case 'z' -> positional(digits, BASE58);
      case 'm', 'M' -> Base64.getDecoder().decode(checkPadding(digits, text.charAt(0) == 'M'));
      case 'u', 'U' -> Base64.getUrlDecoder().decode(checkPadding(digits, text.charAt(0) == 'U'));
      default -> throw new IllegalArgumentException("selected encoding not supported");
    };
  }

  static byte[] decodeBase58(String digits) {
    return positional(digits, BASE58);
  }

  static String encodeBase58(byte[] bytes) {
    StringBuilder reversed = new StringBuilder();
    BigInteger rest = new BigInteger(1, bytes);
    BigInteger base = BigInteger.valueOf(BASE58.length());
    while (rest.signum() > 0) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      reversed.append(BASE58.charAt(parts[1].intValue()));
      rest = parts[0];
    }
    for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
      reversed.append(BASE58.charAt(0));
    }
    return reversed.reverse().toString();
  }

  /** Digits of one number, most significant first; leading zero digits are zero bytes. */
  private static byte[] positional(String digits, String alphabet) {
    BigInteger value = BigInteger.ZERO;
    BigInteger base = BigInteger.valueOf(alphabet.length());
    int zeros = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = alphabet.indexOf(digits.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException(
            "illegal base" + alphabet.length() + " data at input byte " + i);
      }
      if (digit == 0 && zeros == i) {
        zeros++;
      }
      value = value.multiply(base).add(BigInteger.valueOf(digit));
    }
    byte[] magnitude = value.signum() == 0 ? new byte[0] : value.toByteArray();
    int skip = magnitude.length > 0 && magnitude[0] == 0 ? 1 : 0;
    byte[] out = new byte[zeros + magnitude.length - skip];
    System.arraycopy(magnitude, skip, out, zeros, magnitude.length - skip);
    return out;
  }

  private static String lower(String digits) {
    if (!digits.equals(digits.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("upper-case digits behind a lower-case prefix");
    }
    return digits;
  }

  private static String upper(String digits) {
    if (!digits.equals(digits.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException("lower-case digits behind an upper-case prefix");
    }
    return digits.toLowerCase(Locale.ROOT);
  }

  private static String checkPadding(String digits, boolean wanted) {
    boolean there = digits.endsWith("=");
    if (wanted ? digits.length() % 4 != 0 : there) {
      throw new IllegalArgumentException("wrong base64 padding");
    }
    return digits;
  }
}
