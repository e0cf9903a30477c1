package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.PieceRefused;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorRecord;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whole lives of sectors, from nothing to Proving. */
final class SealingPathTest {

  @Test
  void pledge_ofAnEmptySector_provesWithTheReferencesLog() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Proving");
      assertThat(miner.journal.log(sector))
          .extracting(LogLine::kind)
          .containsExactly(
              "event;sealing.SectorStartCC",
              "event;sealing.SectorPacked",
              "event;sealing.SectorTicket",
              "event;sealing.SectorPreCommit1",
              "event;sealing.SectorPreCommit2",
              "event;sealing.SectorPreCommitBatchSent",
              "event;sealing.SectorPreCommitLanded",
              "event;sealing.SectorSeedReady",
              "event;sealing.SectorCommitted",
              "event;sealing.SectorCommitAggregateSent",
              "event;sealing.SectorProving",
              "event;sealing.SectorFinalized");
      assertThat(miner.sealer.isFinalized(sector)).isTrue();
      assertThat(miner.pipeline.list()).containsExactly(new SectorNumber(0));
      assertThat(miner.pipeline.summary()).containsExactly(java.util.Map.entry("Proving", 1L));
    }
  }

  @Test
  void addPiece_twoPieces_lieInOneSectorAndAreProven() throws Exception {
    try (MinerSimulation miner = new MinerSimulation()) {
      miner.config = miner.config.withWaitDealsDelay(Duration.ofDays(1));
      miner.start();
      byte[] small = MinerSimulation.data(1, 508);
      byte[] large = MinerSimulation.data(2, 1016);
      CompletableFuture<SectorOffset> first = add(miner, small);
      miner.until("first piece", first::isDone);
      CompletableFuture<SectorOffset> second = add(miner, large);
      miner.until("second piece", second::isDone);
      assertThat(first.join()).isEqualTo(new SectorOffset(new SectorNumber(0), 0));
      assertThat(second.join()).isEqualTo(new SectorOffset(new SectorNumber(0), 1024));
      SectorId sector = SectorId.of(1000, 0);
      miner.untilState(sector, "Proving");
      SectorRecord record = miner.status(sector).orElseThrow().record();
      assertThat(record.pieces()).hasSize(3);
      assertThat(record.pieces().get(1).hasDeal()).isFalse();
      ProveCommitSectors3Params proof =
          ProveCommitSectors3Params.decode(miner.chain.pushed().get(1).message().params());
      assertThat(proof.activations().getFirst().pieces()).hasSize(2);
      assertThat(
              PreCommitSectorBatch2Params.decode(miner.chain.pushed().get(0).message().params())
                  .sectors()
                  .getFirst()
                  .unsealedCid())
          .isEqualTo(record.preCommit().commD());
    }
  }

  @Test
  void addPiece_thatNoSectorShouldTake_isRefusedInTheReferencesWords() {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(1, 508);
      assertThatThrownBy(() ->
              miner.pipeline.addPiece(
                  509, () -> new ByteArrayInputStream(data), MinerSimulation.direct(data, 20_000)))
          .isInstanceOf(PieceRefused.class)
          .hasMessage("cannot allocate unpadded piece");
      assertThatThrownBy(() ->
              miner.pipeline.addPiece(
                  4064, () -> new ByteArrayInputStream(data), MinerSimulation.direct(data, 20_000)))
          .hasMessage("piece cannot fit into a sector");
      assertThatThrownBy(() ->
              miner.pipeline.addPiece(
                  508, () -> new ByteArrayInputStream(data), MinerSimulation.direct(data, 2479)))
          .hasMessageMatching(
              "cannot add piece for deal with piece CID baga\\w+: current epoch 2000 has passed"
                  + " deal proposal start epoch 2479");
    }
  }

  @Test
  void addPiece_twice_givesTheSameAnswerAndOneCopy() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(1, 508);
      CompletableFuture<SectorOffset> first = add(miner, data);
      CompletableFuture<SectorOffset> again = add(miner, data);
      miner.until("both", () -> first.isDone() && again.isDone());
      assertThat(again.join()).isEqualTo(first.join());
      assertThat(miner.status(first.join().sector()).orElseThrow().record().pieces()).hasSize(1);
    }
  }

  @Test
  void addPiece_ofWrongBytes_isRefusedAndTheSectorGoesOn() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(1, 508);
      CompletableFuture<SectorOffset> wrong =
          miner.pipeline.addPiece(
              new UnpaddedPieceSize(508),
              () -> new ByteArrayInputStream(data),
              MinerSimulation.direct(MinerSimulation.data(9, 508), 20_000));
      miner.until("refusal", wrong::isDone);
      assertThatThrownBy(wrong::join)
          .hasCauseInstanceOf(PieceRefused.class)
          .hasMessageContaining("got unexpected piece CID: expected:baga");
      CompletableFuture<SectorOffset> right = add(miner, data);
      miner.until("right piece", right::isDone);
      assertThat(right.join()).isEqualTo(new SectorOffset(new SectorNumber(0), 0));
      miner.untilState(SectorId.of(1000, 0), "Proving");
    }
  }

  private static CompletableFuture<SectorOffset> add(MinerSimulation miner, byte[] data)
      throws Exception {
    return miner.pipeline.addPiece(
        new UnpaddedPieceSize(data.length),
        () -> new ByteArrayInputStream(data),
        MinerSimulation.direct(data, 20_000));
  }
}
