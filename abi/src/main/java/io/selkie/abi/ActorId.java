package io.selkie.abi;

/**
 * The number of an actor on chain, an unsigned 63-bit value; the miner {@code t01000} is actor
 * 1000.
 *
 * @param value 0 or greater
 */
public record ActorId(long value) implements Comparable<ActorId> {

  /**
   * @throws IllegalArgumentException if {@code value} is negative: the chain allows at most 63 bits
   */
  public ActorId {
    if (value < 0) {
      throw new IllegalArgumentException(
          "actor id " + Long.toUnsignedString(value) + " is over 63 bits");
    }
  }

  @Override
  public int compareTo(ActorId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
