package io.selkie.abi;

/** Unsigned LEB128, least significant group first (github.com/multiformats/unsigned-varint). */
final class Varint {

  /** The longest encoding of a 64-bit value. */
  static final int MAX_BYTES = 10;

  private Varint() {}

  /** Writes {@code value} at {@code at} and returns the offset behind it. */
  static int put(byte[] out, int at, long value) {
    int next = at;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[next++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out[next++] = (byte) rest;
    return next;
  }
}
