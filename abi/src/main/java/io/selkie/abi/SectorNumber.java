package io.selkie.abi;

/**
 * The number of a sector within its miner.
 *
 * @param value 0 to 2^63 - 1; the chain's own limit (abi.MaxSectorNumber) is the same
 */
public record SectorNumber(long value) implements Comparable<SectorNumber> {

  /**
   * @throws IllegalArgumentException if {@code value} is negative, that is over 63 bits
   */
  public SectorNumber {
    if (value < 0) {
      throw new IllegalArgumentException(
          "sector number " + Long.toUnsignedString(value) + " is over 63 bits");
    }
  }

  @Override
  public int compareTo(SectorNumber other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
