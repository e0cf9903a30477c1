package io.selkie.abi;

/**
 * A height of the chain. Signed, as on chain: look-backs on a young chain reach below zero.
 *
 * @param value epochs since genesis
 */
public record ChainEpoch(long value) implements Comparable<ChainEpoch> {

  /** Genesis. */
  public static final ChainEpoch ZERO = new ChainEpoch(0);

  /** This epoch moved by {@code epochs}, which may be negative. */
  public ChainEpoch plus(long epochs) {
    return new ChainEpoch(Math.addExact(value, epochs));
  }

  /** Whether this epoch lies strictly after {@code other}. */
  public boolean isAfter(ChainEpoch other) {
    return value > other.value;
  }

  @Override
  public int compareTo(ChainEpoch other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
