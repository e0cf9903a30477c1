package io.selkie.testkit;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorStatus;
import io.selkie.pipeline.WorkPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A miner of 2 KiB sectors on fakes, whose process can die and come back. */
final class MinerSimulation implements AutoCloseable {

  static final ActorId MINER = new ActorId(1000);

  /** Blocks that any test may take; more means that something hangs. */
  private static final int MAX_BLOCKS = 4000;

  final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_795_376_000));
  final FakeChain chain = new FakeChain(MINER, SectorSize.KIB_2, 2000);
  final FakeSealer sealer = new FakeSealer();
  InMemoryJournal journal = new InMemoryJournal();
  SealingConfig config =
      SealingConfig.defaults()
          .withWaitDealsDelay(Duration.ofSeconds(40))
          .withBatches(
              new SealingConfig.Batch(256, Duration.ofSeconds(8), Duration.ZERO),
              new SealingConfig.Batch(819, Duration.ofSeconds(8), Duration.ZERO));
  SectorPipeline pipeline;
  private final UnaryOperator<PipelineParts> change;

  MinerSimulation() {
    this(UnaryOperator.identity());
  }

  /** With other parts than usual, after a crash too. */
  MinerSimulation(UnaryOperator<PipelineParts> change) {
    this.change = change;
    pipeline = newPipeline();
  }

  MinerSimulation start() {
    try {
      pipeline.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private SectorPipeline newPipeline() {
    return new SectorPipeline(
        change.apply(
            new PipelineParts(
                MINER,
                journal,
                chain,
                sealer,
                new WorkPool(Map.of()),
                clock,
                new SeededRandom(1),
                () -> config,
                PipelineListener.NONE)));
  }

  /** The process dies, whatever it is doing, and a new one starts. */
  void crashAndRestart() {
    InMemoryJournal survived = journal.reopened();
    pipeline.close();
    clock.close();
    journal = survived;
    pipeline = newPipeline();
    start();
  }

  /** One block, and the time it takes. */
  void step() {
    chain.mine();
    clock.advance(Duration.ofSeconds(4));
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Blocks until the condition holds. */
  void until(String what, BooleanSupplier condition) {
    for (int i = 0; i < MAX_BLOCKS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      step();
    }
    throw new AssertionError(what + " did not come in " + MAX_BLOCKS + " blocks: " + describe());
  }

  String describe() {
    StringBuilder out = new StringBuilder();
    journal.forEach(s -> {
      out.append('\n').append(s.sector()).append(' ').append(s.state());
      out.append(' ').append(s.timer());
      out.append(status(s.sector()).map(st -> st.record().lastError()).orElse(""));
      journal.log(s.sector()).forEach(l -> out.append("\n    ").append(l));
    });
    return out.toString();
  }

  Optional<SectorStatus> status(SectorId sector) {
    return status(sector.number());
  }

  Optional<SectorStatus> status(SectorNumber number) {
    try {
      return pipeline.status(number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String state(SectorId sector) {
    return status(sector).map(s -> s.record().state()).orElse("none");
  }

  void untilState(SectorId sector, String state) {
    until(sector + " in " + state, () -> state(sector).equals(state));
  }

  static byte[] data(int fill, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  static PieceDealInfo direct(byte[] data, long startEpoch) {
    return PieceDealInfo.direct(
        new PieceActivationManifest(
            Cid.ofUnsealed(FakeSealer.commitmentOf(data)),
            new UnpaddedPieceSize(data.length).padded(),
            Optional.empty(),
            Optional.empty()),
        new DealSchedule(new ChainEpoch(startEpoch), new ChainEpoch(1_600_000)),
        false);
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
