package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.BitField;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.PieceRefused;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorStatus;
import io.selkie.testkit.FakeSealer.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Every fault ends in an event, a later try or a reason; never in silence. */
final class FaultTest {

  private static final Set<Step> PATH_STEPS =
      EnumSet.of(
          Step.ADD_ZEROS,
          Step.PRE_COMMIT_1,
          Step.PRE_COMMIT_2,
          Step.COMMIT_1,
          Step.COMMIT_2,
          Step.FINALIZE);

  @Test
  void seal_oneFaultOfEachKindInEachStep_stillProves() throws Exception {
    for (Step step : PATH_STEPS) {
      for (SealFault.Kind kind : SealFault.Kind.values()) {
        try (MinerSimulation miner = new MinerSimulation().start()) {
          miner.sealer.failNext(step, kind);
          SectorId sector = miner.pipeline.pledge();
          miner.untilState(sector, "Proving");
        }
      }
    }
  }

  @Test
  void seal_chainAwayForAWhileInEveryState_goesOn() throws Exception {
    List<String> states = new ArrayList<>(List.of("GetTicket"));
    states.addAll(List.of("SubmitPreCommitBatch", "PreCommitBatchWait", "WaitSeed"));
    states.addAll(List.of("SubmitCommitAggregate", "CommitAggregateWait"));
    for (String state : states) {
      try (MinerSimulation miner = new MinerSimulation().start()) {
        if (state.equals("GetTicket")) {
          SectorId sector = miner.pipeline.pledge();
          miner.chain.setOffline(true);
          blocks(miner, 20);
          miner.chain.setOffline(false);
          miner.untilState(sector, "Proving");
        } else {
          SectorId sector = miner.pipeline.pledge();
          miner.untilState(sector, state);
          miner.chain.setOffline(true);
          blocks(miner, 20);
          miner.chain.setOffline(false);
          miner.untilState(sector, "Proving");
        }
      }
    }
  }

  @Test
  void seal_failingAgainAndAgain_parksAndIsNeverRemoved() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      for (int i = 0; i < 4; i++) {
        miner.sealer.failNext(Step.PRE_COMMIT_1, SealFault.Kind.IO);
      }
      SectorId sector = miner.pipeline.pledge();
      miner.until(
          "parked", () -> !miner.status(sector).orElseThrow().record().lastError().isEmpty());
      assertThat(miner.state(sector)).isEqualTo("SealPreCommit1Failed");
      assertThat(miner.status(sector).orElseThrow().record().lastError())
          .startsWith("4 failures of pre-commit 1 (budget 4)");
      assertThat(miner.sealer.hasFiles(sector)).isTrue();
      miner.pipeline.forceState(sector.number(), "PreCommit1");
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void handler_thatBreaks_parksItsSectorAndNoOther() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.sealer.breakNext(Step.PRE_COMMIT_2, new IllegalStateException("a bug"));
      SectorId broken = miner.pipeline.pledge();
      miner.until(
          "parked", () -> !miner.status(broken).orElseThrow().record().lastError().isEmpty());
      SectorId other = miner.pipeline.pledge();
      miner.untilState(other, "Proving");
      SectorStatus status = miner.status(broken).orElseThrow();
      assertThat(status.record().state()).isEqualTo("PreCommit2");
      assertThat(status.record().lastError()).contains("a bug");
      LogLine last = status.log().getLast();
      assertThat(last.kind()).isEqualTo("panic");
      assertThat(last.trace()).contains("IllegalStateException");
      miner.crashAndRestart();
      miner.untilState(broken, "Proving");
    }
  }

  @Test
  void piece_thatBreaksItsSector_isRefusedAndTheOthersFindAnotherOne() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.sealer.breakNext(Step.ADD_PIECE, new IllegalStateException("a bug"));
      CompletableFuture<SectorOffset> bad = add(miner, 1);
      CompletableFuture<SectorOffset> good = add(miner, 2);
      miner.until("both answers", () -> bad.isDone() && good.isDone());
      assertThatThrownBy(bad::join)
          .hasCauseInstanceOf(PieceRefused.class)
          .hasMessageContaining("s-t01000-0 stands still: handler of AddPiece failed");
      assertThat(good.join().sector()).isEqualTo(new SectorNumber(1));
    }
  }

  @Test
  void journal_thatFailsUnderABatch_isWrittenNoMore() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.journal.failAfter(0);
      assertThatThrownBy(() -> miner.pipeline.numbers().reserve("mine", BitField.of(7), false))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> miner.pipeline.startPacking(sector.number()))
          .hasMessageContaining("the journal cannot be written");
    }
  }

  private static CompletableFuture<SectorOffset> add(MinerSimulation miner, int fill)
      throws Exception {
    byte[] data = MinerSimulation.data(fill, 508);
    return miner.pipeline.addPiece(
        new UnpaddedPieceSize(data.length),
        () -> new ByteArrayInputStream(data),
        MinerSimulation.direct(data, 20_000));
  }

  @Test
  void force_whileWorkRuns_interruptsIt() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      CountDownLatch gate = miner.sealer.gate(Step.PRE_COMMIT_1);
      SectorId sector = miner.pipeline.pledge();
      miner.until("pre-commit 1", () -> miner.sealer.calls().contains("PRE_COMMIT_1 s-t01000-0"));
      miner.pipeline.remove(sector.number());
      miner.untilState(sector, "Removed");
      assertThat(miner.sealer.hasFiles(sector)).isFalse();
      assertThat(gate.getCount()).isEqualTo(1);
      assertThatThrownBy(() -> miner.pipeline.forceState(sector.number(), "Proving"))
          .hasMessage("normal shutdown of state machine");
      assertThatThrownBy(() -> miner.pipeline.remove(new SectorNumber(77)))
          .hasMessage("No state for /77: datastore: key not found");
    }
  }

  @Test
  void push_thatIsRefused_isTriedAgain() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.chain.refuseNextPush(ChainFault.Kind.OTHER);
      miner.chain.refuseNextPush(ChainFault.Kind.OTHER);
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Proving");
      assertThat(miner.chain.pushed()).hasSize(2);
    }
  }

  @Test
  void push_thatNobodyTakes_failsAndStartsAnew() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      for (int i = 0; i < 8; i++) {
        miner.chain.refuseNextPush(ChainFault.Kind.OTHER);
      }
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "PreCommitFailed");
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void push_whoseAnswerIsLost_isNotSentTwice() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.chain.loseNextAnswer();
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Proving");
      assertThat(miner.chain.pushed()).hasSize(2);
    }
  }

  @Test
  void push_outOfGas_isSplit() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      CountDownLatch gate = miner.sealer.gate(Step.PRE_COMMIT_2);
      List<SectorId> sectors = List.of(miner.pipeline.pledge(), miner.pipeline.pledge());
      miner.chain.refuseNextPush(ChainFault.Kind.OUT_OF_GAS);
      gate.countDown();
      for (SectorId sector : sectors) {
        miner.untilState(sector, "Proving");
      }
    }
  }

  @Test
  void message_endingOutOfGas_isSentAgain() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.chain.endNextWith(7);
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "SubmitCommitAggregate");
      miner.chain.endNextWith(7);
      miner.untilState(sector, "Proving");
      assertThat(miner.chain.pushed()).hasSize(4);
    }
  }

  @Test
  void message_failingOnChain_recoversThroughTheFailedStates() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.chain.endNextWith(16);
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "PreCommitFailed");
      miner.untilState(sector, "SubmitCommitAggregate");
      miner.chain.endNextWith(16);
      miner.untilState(sector, "CommitFailed");
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void seed_changedByAReorganisation_isDrawnAgain() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      CountDownLatch gate = miner.sealer.gate(Step.COMMIT_1);
      SectorId sector = miner.pipeline.pledge();
      miner.until("commit 1", () -> miner.sealer.calls().contains("COMMIT_1 s-t01000-0"));
      miner.chain.changeBeacon();
      gate.countDown();
      miner.untilState(sector, "Proving");
      assertThat(miner.journal.log(sector))
          .extracting(LogLine::kind)
          .contains("event;sealing.SectorRetryWaitSeed");
    }
  }

  private static void blocks(MinerSimulation miner, int count) {
    for (int i = 0; i < count; i++) {
      miner.step();
    }
  }
}
