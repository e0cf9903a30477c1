package io.selkie.node.bench;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.RegisteredSealProof.Kind;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorEvent;
import io.selkie.pipeline.SectorFsm;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.query.SectorView;
import io.selkie.store.JournalLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A miner's sectors for measuring, numbered from 0: almost all proven, ten thousand of them marked
 * for an upgrade, a few hundred under way or failed. The same seed makes the same sectors, each one
 * by itself, through the pipeline's own state machine.
 */
final class BenchSectors {

  /** Sectors in {@code Available}, where there are enough others. */
  static final int AVAILABLE = 10_000;

  /** Sectors that have something to do when the node starts. */
  private static final int BUSY = 300;

  /** Sectors that are sealed side by side; nothing of two waves happens at the same time. */
  static final long WAVE = 256;

  /** From one wave to the next; a million sectors take a little over a year. */
  private static final Duration WAVE_TIME = Duration.ofMinutes(160);

  private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");

  /** Spreads consecutive numbers over the random generator's seeds. */
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  /** A devnet's head never comes this far. */
  private static final long EXPIRES = 1_500_000;

  private static final RegisteredSealProof PROOF =
      RegisteredSealProof.of(SectorSize.KIB_2, Kind.V1_1);

  /** What became of a sector. */
  enum Fate {
    PROVING(BenchStory.WHOLE, "Proving"),
    AVAILABLE(BenchStory.MARKED, "Available"),
    REMOVED(BenchStory.ENDED, "Removed"),
    WAIT_DEALS(BenchStory.FILLING, "WaitDeals"),
    PRE_COMMIT_1_FAILED(BenchStory.UNSEALABLE, "SealPreCommit1Failed"),
    WAIT_SEED(BenchStory.WAITING, "WaitSeed"),
    COMMIT_FAILED(BenchStory.UNPROVABLE, "CommitFailed"),
    UNRECOVERABLE(BenchStory.GIVEN_UP, "FailedUnrecoverable"),
    FAULTY(BenchStory.LOST, "Faulty");

    private final BenchStory story;
    private final String state;

    Fate(BenchStory story, String state) {
      this.story = story;
      this.state = state;
    }

    /** The state's name. */
    String state() {
      return state;
    }

    /** Whether a node that starts leaves it alone. */
    boolean rests() {
      return this == PROVING || this == AVAILABLE || this == REMOVED;
    }

    boolean isOnChain() {
      return this == PROVING || this == AVAILABLE || this == FAULTY;
    }
  }

  /** A sector with everything that happened to it. */
  record Made(SectorRecord record, List<JournalLoad.Line> lines) {

    /** As a journal takes it. */
    JournalLoad.Sector loaded() {
      return new JournalLoad.Sector(
          new Snapshot(
              record.sector(),
              lines.size(),
              record.state(),
              RecordCodec.encode(record),
              Optional.empty(),
              record.dealRefs()),
          SectorView.of(record),
          lines);
    }

    /** The log as the API shows it. */
    List<LogLine> log() {
      return lines.stream()
          .map(each ->
              new LogLine(each.kind(), each.at().getEpochSecond(), each.trace(), each.message()))
          .toList();
    }
  }

  private final ActorId miner;
  private final long count;
  private final long seed;
  private final long everyAvailable;
  private final long everyBusy;
  private final long[] counts;

  BenchSectors(ActorId miner, long count, long seed) {
    this.miner = miner;
    this.count = count;
    this.seed = seed;
    this.everyAvailable = Math.max(10, count / AVAILABLE);
    this.everyBusy = Math.max(20, count / BUSY);
    this.counts = new long[Fate.values().length];
    for (long number = 0; number < count; number++) {
      counts[fate(number).ordinal()]++;
    }
  }

  ActorId miner() {
    return miner;
  }

  long count() {
    return count;
  }

  /** How many sectors met with this fate. */
  long count(Fate fate) {
    return counts[fate.ordinal()];
  }

  /** What became of a sector; decided by its number alone. */
  Fate fate(long number) {
    if (number % everyAvailable == 0 && number / everyAvailable < AVAILABLE) {
      return Fate.AVAILABLE;
    }
    if (number % 500 == 7) {
      return Fate.REMOVED;
    }
    if (number % everyBusy == 3) {
      List<Fate> busy = List.of(Fate.values()).subList(Fate.WAIT_DEALS.ordinal(), 9);
      return busy.get((int) (number / everyBusy % busy.size()));
    }
    return Fate.PROVING;
  }

  /** A sector and its log. */
  Made make(long number) {
    SectorId sector = new SectorId(miner, new SectorNumber(number));
    SplittableRandom random = random(number);
    List<SectorEvent> events = fate(number).story.events(sector, PROOF, random);
    SectorRecord record = SectorRecord.fresh(sector, PROOF);
    Instant now = BEGIN.plus(WAVE_TIME.multipliedBy(number / WAVE));
    List<JournalLoad.Line> lines = new ArrayList<>();
    for (SectorEvent event : events) {
      now = now.plusMillis(1 + random.nextLong(WAVE_TIME.toMillis() / BenchStory.MOST_EVENTS));
      SectorFsm.Step step = SectorFsm.next(record, event, now);
      record = step.record();
      byte[] payload = RecordCodec.encodeEvent(event);
      for (LogLine line : step.log()) {
        lines.add(
            new JournalLoad.Line(
                now, line.kind(), line.message(), line.trace(), payload, record.state()));
        payload = new byte[0];
      }
    }
    if (!record.state().equals(fate(number).state())) {
      throw new IllegalStateException(
          "sector " + number + " is in " + record.state() + " and not in " + fate(number).state());
    }
    return new Made(record, Collections.unmodifiableList(lines));
  }

  /** What the chain holds of it, if anything. */
  Optional<SectorOnChain> onChain(Made made) {
    long number = made.record().sector().number().value();
    if (!fate(number).isOnChain()) {
      return Optional.empty();
    }
    SplittableRandom random = random(~number);
    return Optional.of(
        new SectorOnChain(
            made.record().sector().number(),
            PROOF,
            made.record().preCommit().commR().orElseThrow(),
            new ChainEpoch(1),
            new ChainEpoch(EXPIRES + random.nextLong(EXPIRES)),
            TokenAmount.of(random.nextLong(1L << 40)),
            TokenAmount.ZERO,
            TokenAmount.ZERO));
  }

  private SplittableRandom random(long number) {
    return new SplittableRandom(seed + number * SPREAD);
  }
}
