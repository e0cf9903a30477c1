package io.selkie.abi;

/**
 * The number the market actor gave a deal.
 *
 * @param value 0 or greater; the API shows 0 for "no deal"
 */
public record DealId(long value) implements Comparable<DealId> {

  /**
   * @throws IllegalArgumentException if {@code value} is negative
   */
  public DealId {
    if (value < 0) {
      throw new IllegalArgumentException(
          "deal id " + Long.toUnsignedString(value) + " is over 63 bits");
    }
  }

  @Override
  public int compareTo(DealId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
