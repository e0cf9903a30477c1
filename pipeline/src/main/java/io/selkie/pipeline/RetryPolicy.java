package io.selkie.pipeline;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause before the next try: doubling from {@code first} to {@code most}, each pause
 * spread by {@code jitter} so that sectors which failed together do not try together.
 *
 * @param first the first pause
 * @param most no pause is longer, jitter aside
 * @param jitter the part of a pause that is drawn at random, 0 to 1
 * @param budget after so many tries a handler gives up and says so; at least 1
 */
public record RetryPolicy(Duration first, Duration most, double jitter, int budget) {

  /**
   * @throws IllegalArgumentException for a pause below 0, a jitter outside 0 to 1 or no budget
   */
  public RetryPolicy {
    if (first.isNegative() || most.compareTo(first) < 0) {
      throw new IllegalArgumentException("pauses from " + first + " to " + most);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter " + jitter + " is not within 0 to 1");
    }
    if (budget < 1) {
      throw new IllegalArgumentException("a budget of " + budget + " tries");
    }
  }

  /**
   * The pause before the next try.
   *
   * @param failures how many tries failed already, at least 1
   */
  public Duration pause(int failures, RandomGenerator random) {
    int doublings = Math.min(Math.max(failures, 1) - 1, 30);
    long wholeMs = Math.min(most.toMillis(), saturatedShift(first.toMillis(), doublings));
    long spreadMs = (long) (wholeMs * jitter);
    return Duration.ofMillis(
        wholeMs - spreadMs + (spreadMs == 0 ? 0 : random.nextLong(spreadMs + 1)));
  }

  private static long saturatedShift(long value, int by) {
    return value > (Long.MAX_VALUE >> by) ? Long.MAX_VALUE : value << by;
  }
}
