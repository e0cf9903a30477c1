package io.selkie.abi;

/**
 * The size of a piece before fr32 padding: 127 times a power of two.
 *
 * @param bytes client bytes
 */
public record UnpaddedPieceSize(long bytes) implements Comparable<UnpaddedPieceSize> {

  /** The smallest piece: 254 bits in each of four nodes. */
  public static final long MIN_BYTES = 127;

  /**
   * @throws IllegalArgumentException if {@code bytes} is not 127 times a power of two
   */
  public UnpaddedPieceSize {
    if (!isValid(bytes)) {
      throw new IllegalArgumentException(
          "unpadded piece size " + bytes + " is not 127 times a power of two");
    }
  }

  /** Whether {@code bytes} is 127 times a power of two. */
  public static boolean isValid(long bytes) {
    return bytes >= MIN_BYTES && bytes % MIN_BYTES == 0 && Long.bitCount(bytes / MIN_BYTES) == 1;
  }

  /**
   * The smallest piece that holds {@code bytes} client bytes.
   *
   * @param bytes 0 to 127 * 2^55
   * @throws IllegalArgumentException outside that range
   */
  public static UnpaddedPieceSize fitting(long bytes) {
    if (bytes < 0 || bytes > MIN_BYTES << 55) {
      throw new IllegalArgumentException("no piece holds " + bytes + " bytes");
    }
    long size = MIN_BYTES;
    while (size < bytes) {
      size <<= 1;
    }
    return new UnpaddedPieceSize(size);
  }

  /** The size after padding, 128 for every 127. */
  public PaddedPieceSize padded() {
    return new PaddedPieceSize(bytes + bytes / MIN_BYTES);
  }

  @Override
  public int compareTo(UnpaddedPieceSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return Long.toString(bytes);
  }
}
