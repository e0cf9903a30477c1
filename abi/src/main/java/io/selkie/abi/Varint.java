package io.selkie.abi;

import java.util.Arrays;

/** Unsigned LEB128, least significant group first (github.com/multiformats/unsigned-varint). */
public final class Varint {

  /** The longest encoding of a 64-bit value. */
  public static final int MAX_BYTES = 10;

  private Varint() {}

  /** Writes {@code value}, unsigned, at {@code at} and returns the offset behind it. */
  public static int put(byte[] out, int at, long value) {
    int next = at;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[next++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out[next++] = (byte) rest;
    return next;
  }

  /** The encoding of {@code value}, unsigned. */
  public static byte[] encode(long value) {
    byte[] out = new byte[MAX_BYTES];
    return Arrays.copyOf(out, put(out, 0, value));
  }

  /** The bytes that {@code value}, unsigned, takes. */
  public static int length(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  /**
   * The value at {@code at}, unsigned; it takes {@link #length} bytes.
   *
   * @throws IllegalArgumentException if it ends early, is longer than need be, or is over 64 bits
   */
  public static long get(byte[] in, int at) {
    long value = 0;
    for (int i = 0; i < MAX_BYTES; i++) {
      if (at + i >= in.length) {
        throw new IllegalArgumentException("varint at byte " + at + " is cut off");
      }
      long group = in[at + i] & 0x7f;
      boolean more = in[at + i] < 0;
      if (i == MAX_BYTES - 1 && (more || group > 1)) {
        break;
      }
      value |= group << (7 * i);
      if (!more) {
        if (group == 0 && i > 0) {
          throw new IllegalArgumentException("varint at byte " + at + " is not minimally encoded");
        }
        return value;
      }
    }
    throw new IllegalArgumentException("varint at byte " + at + " is over 64 bits");
  }
}
