package io.selkie.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Goal: whatever goes wrong together, no sector is lost, no number is used twice, no message is
 * sent twice, nothing is past a state that is not on disk, and in quiet times everything comes to
 * rest. Method: worlds made of a seed, each for some thousand events, until there are a million;
 * the books are compared after every step. docs/simulation.md says how a failed seed is replayed.
 */
final class SimulationTest {

  private static final long EVENTS = Long.getLong("selkie.simulation.events", 1_000_000);
  private static final long EVENTS_PER_WORLD = 3_000;
  private static final int THREADS = 2;

  @Test
  void worlds_ofManySeeds_keepTheirBooks() throws Exception {
    Long replayed = Long.getLong("selkie.simulation.seed");
    if (replayed != null) {
      System.out.println(Simulation.replay(replayed, EVENTS_PER_WORLD, System.out::println));
      return;
    }
    long fresh = System.nanoTime();
    System.out.println("simulation: seeds 1, 2, … and " + fresh);
    long begun = System.nanoTime();
    Totals totals = Simulation.run(fresh, EVENTS_PER_WORLD).plus(untilEnough());
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "simulation: %s; %.0f s, %.0f events/s%n", totals, seconds, totals.events() / seconds);
    assertThat(totals.events()).isGreaterThanOrEqualTo(EVENTS);
    assertThat(totals.faults().values()).as("every kind of fault").doesNotContain(0L);
    assertThat(totals.states().get("Proving")).isGreaterThan(totals.worlds());
  }

  private static Totals untilEnough() throws InterruptedException, ExecutionException {
    AtomicLong nextSeed = new AtomicLong(1);
    AtomicLong events = new AtomicLong();
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Totals>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        parts.add(
            pool.submit(() -> {
              Totals sum = Totals.NONE;
              while (events.get() < EVENTS) {
                Totals world = Simulation.run(nextSeed.getAndIncrement(), EVENTS_PER_WORLD);
                events.addAndGet(world.events());
                sum = sum.plus(world);
              }
              return sum;
            }));
      }
      Totals sum = Totals.NONE;
      for (Future<Totals> part : parts) {
        sum = sum.plus(part.get());
      }
      return sum;
    }
  }

  @Test
  void seed_runTwice_isTheSameRun() {
    for (long seed = 1; seed <= 3; seed++) {
      assertThat(Simulation.run(seed, EVENTS_PER_WORLD))
          .isEqualTo(Simulation.run(seed, EVENTS_PER_WORLD));
    }
  }

  /** One trouble at every single occasion for it, in a small life that is otherwise undisturbed. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BUG", "REORG", "CHAIN_OFFLINE"})
  void trouble_atEveryOccasion_costsNoSector(Faults.Kind kind) {
    long occasion = 0;
    boolean struck = true;
    while (struck) {
      occasion++;
      Totals totals = Simulation.runOnce(occasion, kind, occasion);
      assertThat(totals.states().keySet())
          .as("%s at occasion %d", kind, occasion)
          .isSubsetOf("Proving", "Available", "WaitDeals");
      struck = totals.faults().getOrDefault(kind.name(), 0L) == 1;
    }
    assertThat(occasion).as("occasions for %s", kind).isGreaterThan(1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void sabotage_ofAnyKind_isNoticed(Sabotage sabotage) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 20; seed++) {
                Totals _ = Simulation.run(seed, EVENTS_PER_WORLD, sabotage);
              }
            })
        .isInstanceOf(Violation.class)
        .hasMessageContaining("seed ");
  }
}
