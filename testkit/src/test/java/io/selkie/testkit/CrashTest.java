package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorPiece;
import io.selkie.pipeline.SectorStatus;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Goal: killed after any write of the journal, a miner loses no sector and no accepted piece, uses
 * no number twice, and sends no message twice. Method: the whole run is repeated, each time with
 * the journal going dead one write later; then everything in memory is dropped and a new pipeline
 * starts on what was written.
 */
final class CrashTest {

  @Test
  void crash_afterEveryWriteOfAPledgedSector_stillProves() throws Exception {
    int writes = 0;
    while (true) {
      try (MinerSimulation miner = new MinerSimulation()) {
        miner.journal.failAfter(writes);
        miner.start();
        boolean died = false;
        try {
          SectorId sector = miner.pipeline.pledge();
          miner.until(
              "death or the end",
              () -> miner.journal.isDead() || miner.state(sector).equals("Proving"));
          died = miner.journal.isDead() && !miner.state(sector).equals("Proving");
        } catch (java.io.IOException | java.io.UncheckedIOException e) {
          died = true;
        }
        if (!died) {
          assertThat(writes).isGreaterThan(12);
          return;
        }
        miner.crashAndRestart();
        for (SectorId sector : recorded(miner)) {
          miner.untilState(sector, "Proving");
        }
        checkMessages(miner);
      }
      writes++;
    }
  }

  @Test
  void crash_afterEveryWriteOfASectorWithPieces_keepsWhatWasAccepted() throws Exception {
    int writes = 0;
    while (true) {
      try (MinerSimulation miner = new MinerSimulation()) {
        miner.journal.failAfter(writes);
        miner.start();
        List<CompletableFuture<SectorOffset>> answers = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
          byte[] data = MinerSimulation.data(i, 508);
          answers.add(
              miner.pipeline.addPiece(
                  new UnpaddedPieceSize(data.length),
                  () -> new ByteArrayInputStream(data),
                  MinerSimulation.direct(data, 20_000)));
        }
        SectorId sector = SectorId.of(1000, 0);
        miner.until(
            "death or the end",
            () -> miner.journal.isDead() || miner.state(sector).equals("Proving"));
        boolean died = !miner.state(sector).equals("Proving");
        if (!died) {
          assertThat(writes).isGreaterThan(18);
          return;
        }
        miner.crashAndRestart();
        for (CompletableFuture<SectorOffset> answer : answers) {
          if (answer.isDone() && !answer.isCompletedExceptionally()) {
            SectorStatus status = miner.status(answer.join().sector()).orElseThrow();
            assertThat(offsets(status)).contains(answer.join().offset());
          }
        }
        for (SectorId each : recorded(miner)) {
          boolean empty = miner.status(each).orElseThrow().record().pieces().isEmpty();
          miner.untilState(each, empty ? "WaitDeals" : "Proving");
        }
        checkMessages(miner);
      }
      writes++;
    }
  }

  private static List<Long> offsets(SectorStatus status) {
    List<Long> offsets = new ArrayList<>();
    long at = 0;
    for (SectorPiece piece : status.record().pieces()) {
      if (piece.hasDeal()) {
        offsets.add(at);
      }
      at += piece.piece().size().bytes();
    }
    return offsets;
  }

  private static List<SectorId> recorded(MinerSimulation miner) {
    List<SectorId> sectors = new ArrayList<>();
    miner.journal.forEach(snapshot -> sectors.add(snapshot.sector()));
    return sectors;
  }

  private static void checkMessages(MinerSimulation miner) {
    Set<String> said = new HashSet<>();
    for (FakeChain.Pushed pushed : miner.chain.pushed()) {
      byte[] params = pushed.message().params();
      if (pushed.message().method() == PreCommitSectorBatch2Params.METHOD) {
        PreCommitSectorBatch2Params.decode(params)
            .sectors()
            .forEach(s -> assertThat(said.add("pre-commit " + s.number())).isTrue());
      } else {
        ProveCommitSectors3Params.decode(params)
            .activations()
            .forEach(a -> assertThat(said.add("commit " + a.number())).isTrue());
      }
    }
    Set<SectorId> started = new HashSet<>();
    for (SectorJournal.Entry entry : miner.journal.entries()) {
      if (entry.sequence() == 1) {
        assertThat(started.add(entry.sector())).isTrue();
      }
    }
  }
}
