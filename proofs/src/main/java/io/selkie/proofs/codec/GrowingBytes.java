package io.selkie.proofs.codec;

import java.util.Arrays;

/** A byte array that grows, up to what one array holds. */
final class GrowingBytes {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[1 << 12];
  private int size;

  void put(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  void put(byte[] source) {
    ensure(source.length);
    System.arraycopy(source, 0, bytes, size, source.length);
    size += source.length;
  }

  private void ensure(int more) {
    long needed = (long) size + more;
    if (needed > bytes.length) {
      if (needed > MAX_BYTES) {
        throw new IllegalStateException(needed + " bytes, one array holds " + MAX_BYTES);
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * bytes.length)));
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
