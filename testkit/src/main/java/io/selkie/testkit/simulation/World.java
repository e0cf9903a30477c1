package io.selkie.testkit.simulation;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.RemoteSealer;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.WorkPool;
import io.selkie.testkit.SeededRandom;
import io.selkie.testkit.simulation.Faults.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A miner, its chain, its disk, its operator and its clients, all on one thread. The program dies
 * and starts again and again; the world goes on.
 */
final class World {

  /** Where a sector without pieces may wait for the first one for ever. */
  private static final Set<String> COLLECTING =
      Set.of(SectorState.Empty.wireName(), SectorState.WaitDeals.wireName());

  static final ActorId MINER = new ActorId(1000);

  private static final Duration BLOCK = Duration.ofMillis(SimulatedChain.TIMING.blockDelayMs());
  private static final SectorSize SIZE = SectorSize.KIB_2;

  /** More than any handler's pause, so that a leap over it reaches every alarm. */
  private static final int LONGEST_LEAP = 1000;

  /** A process whose journal has failed gets so many more events at most before it ends. */
  private static final int LAST_EVENTS = 30;

  /** In quiet times everything comes to rest in fewer events, or never. */
  private static final int PATIENCE = 60_000;

  private final long seed;
  private final SeededRandom random;
  private final Faults faults;
  private final Scheduler scheduler;
  private final SimulatedChain chain;
  private final Sabotage sabotage;
  private final boolean traced;
  private final Consumer<String> tracer;
  private final SimulatedDisk disk;
  private final SectorFiles files;
  private final Books books;
  private final Workload workload;
  private boolean offline;
  private long blocks;
  private long deaths = -1;
  private @Nullable Violation violation;
  private Life life = new Life();
  private @Nullable DiskJournal journal;
  private @Nullable SimulatedNode node;
  private @Nullable SectorPipeline pipeline;

  /**
   * A world that nothing has happened in.
   *
   * @param traced whether {@code tracer} wants to be told what happens
   */
  World(long seed, Sabotage sabotage, boolean traced, Consumer<String> tracer) {
    this(seed, new SeededRandom(seed), sabotage, traced, tracer, Faults::any);
  }

  /** A world in which one thing goes wrong. */
  World(long seed, Kind kind, long occasion) {
    this(
        seed,
        new SeededRandom(seed),
        Sabotage.NONE,
        false,
        _ -> {},
        random -> Faults.once(random, kind, occasion));
  }

  private World(
      long seed,
      SeededRandom random,
      Sabotage sabotage,
      boolean traced,
      Consumer<String> tracer,
      Function<SeededRandom, Faults> faults) {
    this.seed = seed;
    this.sabotage = sabotage;
    this.traced = traced;
    this.tracer = tracer;
    this.disk = new SimulatedDisk(sabotage);
    this.files = new SectorFiles(sabotage);
    this.random = random;
    this.faults = faults.apply(random);
    this.scheduler =
        new Scheduler(random, Instant.ofEpochSecond(1_795_376_000), this::somethingHappens);
    this.books = new Books(this);
    this.chain = new SimulatedChain(this, random, MINER, SIZE);
    this.workload = new Workload(this, random);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Faults faults() {
    return faults;
  }

  SimulatedChain chain() {
    return chain;
  }

  SectorFiles files() {
    return files;
  }

  Books books() {
    return books;
  }

  Life life() {
    return life;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  /** Tells whoever wants to know what happens. */
  void trace(Supplier<String> what) {
    if (traced) {
      tracer.accept(scheduler.events() + " @" + chain.height() + " " + what.get());
    }
  }

  boolean isOffline() {
    return offline;
  }

  DiskJournal journal() {
    return set(journal);
  }

  SectorPipeline pipeline() {
    return set(pipeline);
  }

  private static <T> T set(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the program was never started");
    }
    return part;
  }

  /** Remembers what must not happen, even if somebody catches it. */
  Violation violation(String what) {
    if (violation == null) {
      violation = new Violation(what);
    }
    return violation;
  }

  /** So many events with everything that can go wrong, and then a quiet time. */
  Totals run(long events) {
    return guarded(() -> {
      boot();
      while (scheduler.events() < events) {
        step();
      }
      settle();
    });
  }

  /** A few sectors and pieces, and no more than the one trouble. */
  Totals runOnce() {
    return guarded(() -> {
      boot();
      workload.begin();
      settle();
    });
  }

  private Totals guarded(Runnable run) {
    try {
      run.run();
    } catch (Violation e) {
      throw new Violation("seed " + seed + ": " + e.getMessage() + "\n" + describe(), e);
    } catch (RuntimeException e) {
      throw new Violation("seed " + seed + ": unforeseen: " + e + "\n" + describe(), e);
    }
    return totals();
  }

  private void step() {
    if (life.standsStill() && random.nextInt(LAST_EVENTS) == 0) {
      life.end();
    }
    if (life.isOver()) {
      boot();
    }
    scheduler.step();
    if (violation != null) {
      throw violation;
    }
  }

  /** The machine starts, or starts again. */
  private void boot() {
    scheduler.forget(life);
    deaths++;
    trace(() -> "  life " + deaths + " begins");
    disk.stop(random);
    files.stop(random);
    Life next = new Life();
    life = next;
    DiskJournal opened = DiskJournal.open(this, disk, next, random);
    journal = opened;
    SimulatedNode connected = new SimulatedNode(this, next);
    node = connected;
    var threads = scheduler.threadsOf(next);
    Map<WorkPool.Task, Integer> slots =
        Arrays.stream(WorkPool.Task.values())
            .collect(Collectors.toMap(Function.identity(), _ -> 1000));
    SectorPipeline started =
        new SectorPipeline(
            new PipelineParts(
                MINER,
                opened,
                connected,
                new SimulatedSealer(this, next),
                new WorkPool(slots, threads),
                scheduler.clockOf(next),
                random,
                workload::config,
                new Watcher(next),
                threads,
                RemoteSealer.NONE));
    pipeline = started;
    try {
      started.start();
    } catch (IOException | UncheckedIOException e) {
      // A program that cannot start is started again.
      life.end();
    }
    workload.began(next);
  }

  private static final class Watcher implements PipelineListener {
    private final Life life;

    Watcher(Life life) {
      this.life = life;
    }

    @Override
    public void journalFailed(Throwable cause) {
      life.standStill();
    }
  }

  private void somethingHappens() {
    int what = random.nextInt(100);
    if (what < 40) {
      block();
    } else if (what < 55) {
      scheduler.advanceTo(scheduler.now().plusMillis(random.nextInt(20_000)));
    } else if (what < 75) {
      leap();
    } else if (faults.areOver()) {
      block();
    } else if (what < 97) {
      workload.act();
    } else {
      trouble();
    }
  }

  private void block() {
    chain.mine();
    blocks++;
    scheduler.advanceTo(scheduler.now().plus(BLOCK));
    announce();
  }

  private void announce() {
    if (node != null && !life.isOver()) {
      node.announce();
    }
  }

  /** Nothing is due for a while: that while goes by. */
  private void leap() {
    Optional<Instant> next = scheduler.nextAlarm();
    if (!scheduler.isIdle() || next.isEmpty()) {
      block();
      return;
    }
    long count =
        Math.clamp(Duration.between(scheduler.now(), next.get()).dividedBy(BLOCK), 1, LONGEST_LEAP);
    for (int i = 0; i < count; i++) {
      chain.mine();
    }
    blocks += count;
    scheduler.advanceTo(scheduler.now().plus(BLOCK.multipliedBy(count)));
    announce();
  }

  private void trouble() {
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        if (faults.strikes(Kind.REORG)) {
          int depth = 1 + random.nextInt(8);
          trace(() -> "  reorganisation of " + depth + " epochs");
          chain.reorganise(depth);
          announce();
        }
      }
      case 2 -> offline = !offline && faults.strikes(Kind.CHAIN_OFFLINE);
      case 3 -> {
        offline = false;
        life.end();
      }
      default -> restartOrderly();
    }
  }

  /** Only from outside of everything: whoever runs at the moment must have ended. */
  private void restartOrderly() {
    if (!scheduler.isRunning() && !life.isOver()) {
      pipeline().close();
      life.end();
    }
  }

  /** Without faults everything must come to a good end, or stand still and say why. */
  private void settle() {
    faults.end();
    offline = false;
    for (int i = 0; i < PATIENCE; i++) {
      if (i % 100 == 0 && !life.isOver() && !life.standsStill() && isSettled()) {
        books.reopened(journal().memory(), books.frames());
        return;
      }
      step();
    }
    throw violation("not everything came to rest");
  }

  private boolean isSettled() {
    return scheduler.isIdle()
        && books.sectors().values().stream().allMatch(World::isAtRest)
        && (workload.isAnswered() || isInputBlocked());
  }

  /** Sectors that stand still while they collect count against the limit of those that do. */
  private boolean isInputBlocked() {
    return books.sectors().values().stream()
        .filter(s ->
            SectorState.ofWireName(s.state())
                .map(state -> state.bucket(false) == SectorState.Bucket.STAGING)
                .orElse(false))
        .anyMatch(s -> !RecordCodec.decode(s.record()).lastError().isEmpty());
  }

  private static boolean isAtRest(Snapshot snapshot) {
    if (SectorState.ofWireName(snapshot.state()).map(SectorState::isResting).orElse(true)) {
      return true;
    }
    SectorRecord record = RecordCodec.decode(snapshot.record());
    return !record.lastError().isEmpty()
        || (COLLECTING.contains(snapshot.state()) && record.pieces().isEmpty());
  }

  private Totals totals() {
    Map<String, Long> faultCounts = new TreeMap<>();
    faults.counts().forEach((kind, count) -> faultCounts.put(kind.name(), count));
    Map<String, Long> states = new TreeMap<>();
    for (Snapshot snapshot : books.sectors().values()) {
      boolean parked = !RecordCodec.decode(snapshot.record()).lastError().isEmpty();
      states.merge((parked ? "parked in " : "") + snapshot.state(), 1L, Long::sum);
    }
    return new Totals(
        1,
        scheduler.events(),
        books.frames(),
        blocks,
        chain.messages(),
        deaths,
        workload.accepted(),
        faultCounts,
        states,
        books.digest());
  }

  private String describe() {
    StringBuilder out =
        new StringBuilder("event " + scheduler.events() + ", epoch " + chain.height());
    for (Snapshot snapshot : books.sectors().values()) {
      SectorRecord record = RecordCodec.decode(snapshot.record());
      out.append("\n").append(snapshot.sector()).append(' ').append(snapshot.state());
      out.append(' ').append(snapshot.timer().map(Object::toString).orElse(""));
      out.append(' ').append(record.lastError());
    }
    return out.toString();
  }
}
