package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.chain.BlockTimer;
import io.selkie.chain.Devnet;
import io.selkie.chain.DevnetEnvironment;
import io.selkie.chain.DevnetParams;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorStatus;
import io.selkie.pipeline.SystemTimekeeper;
import io.selkie.pipeline.WorkPool;
import io.selkie.proofs.pieces.PieceCommitment;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.store.SqliteJournal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: the parts fit. Method: nothing is a fake; a 2 KiB sector with client data is sealed by the
 * real sealer, recorded in SQLite, proven to the devnet, which verifies the proof, and read back;
 * in the middle of it everything is closed and opened again.
 */
final class RealSectorTest {

  private static final ActorId MINER = new ActorId(1000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path home;

  @Test
  void sector_withClientData_isProvenAndReadBackOverARestart() throws Exception {
    byte[] data = new byte[1016];
    new SplittableRandom(3).nextBytes(data);
    SectorId sector;
    try (Miner miner = new Miner()) {
      CompletableFuture<SectorOffset> place =
          miner.pipeline.addPiece(
              new UnpaddedPieceSize(data.length),
              () -> new ByteArrayInputStream(data),
              direct(data));
      await().atMost(PATIENCE).until(place::isDone);
      sector = new SectorId(MINER, place.join().sector());
      miner.pipeline.startPacking(sector.number());
      awaitState(miner, sector, "PreCommitBatchWait", "WaitSeed");
    }
    try (Miner miner = new Miner()) {
      awaitState(miner, sector, "Proving");
      SectorStatus status = miner.pipeline.status(sector.number()).orElseThrow();
      SectorRecord record = status.record();
      assertThat(status.log())
          .extracting(LogLine::kind)
          .endsWith("event;sealing.SectorProving", "event;sealing.SectorFinalized");
      assertThat(miner.chain.sectorInfo(MINER, sector.number()).orElseThrow().sealedCid())
          .isEqualTo(record.preCommit().commR().orElseThrow());
      try (InputStream back =
          miner.sealer.readPiece(
              new SectorRef(sector, record.sealProof()), new UnpaddedRange(0, data.length))) {
        assertThat(back.readAllBytes()).isEqualTo(data);
      }
    }
  }

  private static void awaitState(Miner miner, SectorId sector, String... states) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          SectorStatus status = miner.pipeline.status(sector.number()).orElseThrow();
          assertThat(List.of(states))
              .as("%s %s %s", status.timer(), status.record().lastError(), status.log())
              .contains(status.record().state());
        });
  }

  private static PieceDealInfo direct(byte[] data) throws IOException {
    UnpaddedPieceSize size = new UnpaddedPieceSize(data.length);
    return PieceDealInfo.direct(
        new PieceActivationManifest(
            Cid.ofUnsealed(PieceCommitment.compute(new ByteArrayInputStream(data), size)),
            size.padded(),
            Optional.empty(),
            Optional.empty()),
        new DealSchedule(new ChainEpoch(20_000), new ChainEpoch(1_600_000)),
        true);
  }

  /** A whole miner in one directory. */
  private final class Miner implements AutoCloseable {
    private final Devnet chain;
    private final SqliteJournal journal;
    private final LocalSealer sealer;
    private final SystemTimekeeper clock = new SystemTimekeeper();
    private final SectorPipeline pipeline;

    Miner() throws Exception {
      chain =
          Devnet.open(
              Files.createDirectories(home.resolve("chain")),
              DevnetParams.ofLotus2k().withBlockDelay(Duration.ofMillis(50)),
              DevnetEnvironment.ofSystem());
      chain.ensureMiner(MINER, SectorSize.KIB_2);
      chain.start(BlockTimer.ofSystem());
      journal = SqliteJournal.open(home.resolve("journal.db"));
      SectorIndex index = new SectorIndex(InstantSource.system());
      LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of("http://localhost"));
      Path storage = home.resolve("storage");
      if (!Files.exists(storage)) {
        LocalPaths.init(
            Files.createDirectories(storage), SectorStoreMeta.of(new UUID(1, 2), true, true));
      }
      paths.open(storage);
      sealer =
          new LocalSealer(
              paths, index, new SectorLocks(), 1, Files.createDirectories(home.resolve("parents")));
      SealingConfig.Batch atOnce = new SealingConfig.Batch(256, Duration.ZERO, Duration.ZERO);
      SealingConfig config = SealingConfig.defaults().withBatches(atOnce, atOnce);
      pipeline =
          new SectorPipeline(
              new PipelineParts(
                  MINER,
                  journal,
                  chain,
                  sealer,
                  new WorkPool(Map.of()),
                  clock,
                  new SplittableRandom(1),
                  () -> config,
                  PipelineListener.NONE));
      pipeline.start();
    }

    @Override
    public void close() throws IOException {
      pipeline.close();
      clock.close();
      journal.close();
      chain.close();
    }
  }
}
