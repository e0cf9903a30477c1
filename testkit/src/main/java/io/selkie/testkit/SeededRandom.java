package io.selkie.testkit;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Randomness that a failed test can repeat: it says its seed. */
public final class SeededRandom implements RandomGenerator {

  private final long seed;
  private final SplittableRandom random;

  /** Always the same sequence for the same seed. */
  public SeededRandom(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  @Override
  public String toString() {
    return "seed " + seed;
  }
}
