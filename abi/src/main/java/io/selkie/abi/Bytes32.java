package io.selkie.abi;

import java.util.Arrays;
import java.util.HexFormat;

/** Thirty-two bytes that never change; the subclasses say what they are. */
public abstract sealed class Bytes32 permits Commitment, Randomness {

  /** The length of each of them. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  Bytes32(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          getClass().getSimpleName() + " of " + bytes.length + " bytes, expected " + LENGTH);
    }
    this.bytes = bytes.clone();
  }

  /** A copy of the bytes. */
  public final byte[] bytes() {
    return bytes.clone();
  }

  /** Copies the bytes to {@code target} from {@code offset} on. */
  public final void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, LENGTH);
  }

  /** Lower-case hex, no prefix. */
  public final String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** Whether every byte is zero. */
  public final boolean isZero() {
    return Arrays.equals(bytes, new byte[LENGTH]);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Bytes32 that
        && getClass() == that.getClass()
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public final int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public final String toString() {
    return hex();
  }

  static byte[] parseHex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
