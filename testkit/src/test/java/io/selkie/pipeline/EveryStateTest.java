package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorState.Kind;
import io.selkie.testkit.FakeChain;
import io.selkie.testkit.FakeSealer;
import io.selkie.testkit.FakeSealer.Step;
import io.selkie.testkit.InMemoryJournal;
import io.selkie.testkit.ManualClock;
import io.selkie.testkit.SeededRandom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sector in every state at once, through an hour in which something is broken. Whatever its
 * state, it works, waits under a durable timer, rests, or says why it stands still; and what it
 * writes meanwhile stays small.
 */
final class EveryStateTest {

  /** What is broken for the whole hour. */
  enum Trouble {
    NONE,
    CHAIN_OFFLINE,
    DISK_FULL,
    PROVER_FAULT,
    MESSAGES_REFUSED
  }

  /** What the chain has of a sector. */
  enum OnChain {
    NOTHING,
    PRE_COMMIT,
    SECTOR
  }

  private static final Duration BLOCK = Duration.ofSeconds(12);
  private static final int BLOCKS_PER_HOUR = 300;

  /** The limit that a retry loop may write, per sector and hour. */
  private static final long MOST_BYTES = 1 << 20;

  private static final int SETTLE_TRIES = 2000;

  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_795_376_000));
  private final FakeChain chain = Samples.chain();
  private final FakeSealer sealer = new FakeSealer();
  private final InMemoryJournal journal = new InMemoryJournal();
  private final List<SectorId> sectors = new ArrayList<>();

  private void seed() throws IOException {
    for (OnChain onChain : OnChain.values()) {
      for (SectorState state : SectorState.values()) {
        seed(state, onChain);
      }
    }
  }

  private void seed(SectorState state, OnChain onChain) throws IOException {
    SectorRecord record = sample(state, onChain);
    switch (onChain) {
      case NOTHING -> {}
      case PRE_COMMIT -> chain.addPreCommit(Samples.preCommitOf(record));
      case SECTOR -> chain.addSector(Samples.sectorOf(record));
    }
    sectors.add(record.sector());
    journal.append(
        List.of(
            new Entry(
                record.sector(),
                1,
                clock.instant(),
                "seeded",
                "",
                "",
                new byte[0],
                new Snapshot(
                    record.sector(),
                    1,
                    record.state(),
                    RecordCodec.encode(record),
                    Optional.empty(),
                    List.of()))));
  }

  private static SectorRecord sample(SectorState state, OnChain onChain) {
    SectorRecord sample = Samples.committedCapacity(state.wireName());
    return new SectorRecord(
        new SectorId(
            sample.sector().miner(), new SectorNumber(100L * onChain.ordinal() + state.ordinal())),
        sample.state(),
        sample.sealProof(),
        sample.createdAtS(),
        sample.pieces(),
        sample.ticket(),
        sample.preCommit(),
        sample.commit(),
        sample.upgrade(),
        sample.termination(),
        sample.failures(),
        sample.returnState(),
        "",
        0,
        1);
  }

  private void breakThings(Trouble trouble) {
    switch (trouble) {
      case NONE -> {}
      case CHAIN_OFFLINE -> chain.setOffline(true);
      case DISK_FULL -> failAll(SealFault.Kind.NO_SPACE);
      case PROVER_FAULT -> failAll(SealFault.Kind.IO);
      case MESSAGES_REFUSED -> {
        for (int i = 0; i < 100_000; i++) {
          chain.refuseNextPush(ChainFault.Kind.OTHER);
        }
      }
    }
  }

  private void failAll(SealFault.Kind kind) {
    for (Step step : Step.values()) {
      for (int i = 0; i < 20_000; i++) {
        sealer.failNext(step, kind);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void hour_withTrouble_leavesEverySectorWithATimerOrAReason(Trouble trouble) throws Exception {
    seed();
    breakThings(trouble);
    try (SectorPipeline pipeline = pipeline()) {
      pipeline.start();
      for (int i = 0; i < BLOCKS_PER_HOUR; i++) {
        chain.mine();
        clock.advance(BLOCK);
        Thread.sleep(1);
      }
      for (SectorId sector : sectors) {
        settled(pipeline, sector);
        long bytes = written(sector);
        assertThat(bytes).as("bytes written by %s", sector).isLessThan(MOST_BYTES);
      }
    }
  }

  private SectorPipeline pipeline() {
    return new SectorPipeline(
        new PipelineParts(
            Samples.MINER,
            journal,
            chain,
            sealer,
            new WorkPool(Map.of()),
            clock,
            new SeededRandom(1),
            SealingConfig::defaults,
            PipelineListener.NONE));
  }

  private void settled(SectorPipeline pipeline, SectorId sector) throws Exception {
    for (int i = 0; i < SETTLE_TRIES; i++) {
      SectorStatus status = pipeline.status(sector.number()).orElseThrow();
      Snapshot stored = journal.load(sector).orElseThrow();
      Kind kind = status.record().knownState().orElseThrow().kind();
      boolean explained =
          switch (kind) {
            case NEW, RESTING -> true;
            case WAITING, WORKING, FAILED ->
                stored.timer().isPresent() || !status.record().lastError().isEmpty();
            case UNBUILT -> status.record().lastError().contains("not supported yet");
          };
      if (explained && !status.running()) {
        return;
      }
      Thread.sleep(1);
    }
    SectorStatus status = pipeline.status(sector.number()).orElseThrow();
    throw new AssertionError(
        sector
            + " in "
            + status.record().state()
            + " has no durable timer and says nothing: "
            + status.timer()
            + " "
            + status.log());
  }

  private long written(SectorId sector) throws IOException {
    long bytes = 0;
    for (LogLine line : journal.log(sector)) {
      bytes += size(line.kind()) + size(line.trace()) + size(line.message());
    }
    long after = 0;
    while (true) {
      List<Recorded> page = journal.entries(sector, after);
      if (page.isEmpty()) {
        return bytes;
      }
      for (Recorded each : page) {
        bytes += each.payload().length;
        after = each.sequence();
      }
    }
  }

  private static long size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
