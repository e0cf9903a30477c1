package io.selkie.storage;

import java.time.Duration;

/**
 * How long removed files are kept.
 *
 * @param retention from removal to deletion; zero deletes at once
 * @param purgeWhenFull whether removed files, the oldest first, may go early when a new file finds
 *     no room
 */
public record TrashPolicy(Duration retention, boolean purgeWhenFull) {

  /** A week, and nothing goes early. */
  public static final TrashPolicy DEFAULT = new TrashPolicy(Duration.ofDays(7), false);

  /**
   * @throws IllegalArgumentException if the time is negative
   */
  public TrashPolicy {
    if (retention.isNegative()) {
      throw new IllegalArgumentException("a retention of " + retention + " is negative");
    }
  }
}
