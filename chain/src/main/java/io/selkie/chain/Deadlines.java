package io.selkie.chain;

/**
 * When a miner's sectors are due: 48 deadlines of 60 epochs in a period of 2880 that starts at the
 * miner's own offset. Source: builtin-actors miner/src/deadlines.rs, deadline_info.rs.
 *
 * @param periodOffset 0 to 2879
 */
record Deadlines(long periodOffset) {

  /** The start of the period that {@code epoch} lies in; below zero on a young chain. */
  long periodStart(long epoch) {
    return Math.floorDiv(epoch - periodOffset, Policy.PROVING_PERIOD) * Policy.PROVING_PERIOD
        + periodOffset;
  }

  /** The deadline that {@code epoch} lies in. */
  int index(long epoch) {
    return (int) ((epoch - periodStart(epoch)) / Policy.CHALLENGE_WINDOW);
  }

  /** Whether sectors may be added to a deadline: not while it, or the one before it, is open. */
  boolean isMutable(int deadline, long epoch) {
    int current = index(epoch);
    return deadline != current && deadline != (current + 1) % Policy.DEADLINES;
  }

  /** The first end of {@code deadline} that is not before {@code epoch}. */
  long endNotBefore(int deadline, long epoch) {
    long last = periodOffset + (deadline + 1) * Policy.CHALLENGE_WINDOW - 1;
    return epoch + Math.floorMod(last - epoch, Policy.PROVING_PERIOD);
  }
}
