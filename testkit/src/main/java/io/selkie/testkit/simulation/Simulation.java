package io.selkie.testkit.simulation;

import java.util.function.Consumer;

/** Runs worlds. */
public final class Simulation {

  private Simulation() {}

  /**
   * One world: the same seed and the same number of events give the same run to the last bit.
   *
   * @param events with faults; the quiet time at the end comes on top
   * @throws Violation if something happened that must not; its text names the seed
   */
  public static Totals run(long seed, long events) {
    return run(seed, events, Sabotage.NONE);
  }

  /** As {@link #run(long, long)}, in a world where somebody breaks his word. */
  static Totals run(long seed, long events, Sabotage sabotage) {
    return new World(seed, sabotage, false, _ -> {}).run(events);
  }

  /** A few sectors and one trouble, the given kind at that occasion. */
  static Totals runOnce(long seed, Faults.Kind kind, long occasion) {
    return new World(seed, kind, occasion).runOnce();
  }

  /** As {@link #run(long, long)}, every step being told. */
  public static Totals replay(long seed, long events, Consumer<String> tracer) {
    return new World(seed, Sabotage.NONE, true, tracer).run(events);
  }
}
