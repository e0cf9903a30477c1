package io.selkie.abi;

/**
 * The size of a piece after fr32 padding: a power of two, at least 128.
 *
 * @param bytes padded bytes
 */
public record PaddedPieceSize(long bytes) implements Comparable<PaddedPieceSize> {

  /** The smallest piece: four nodes. */
  public static final long MIN_BYTES = 128;

  /**
   * @throws IllegalArgumentException if {@code bytes} is below 128 or no power of two
   */
  public PaddedPieceSize {
    if (bytes < MIN_BYTES || Long.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(
          "padded piece size " + bytes + " is not a power of two of at least " + MIN_BYTES);
    }
  }

  /** The client bytes in it, 127 of every 128. */
  public UnpaddedPieceSize unpadded() {
    return new UnpaddedPieceSize(bytes - bytes / 128);
  }

  @Override
  public int compareTo(PaddedPieceSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return Long.toString(bytes);
  }
}
