package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.pipeline.ForcedStates;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.Risk;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorExplanation;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorOutlook;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRefused;
import io.selkie.testkit.FakeSealer.Step;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What operators and clients do to sectors that are not on the straight path. */
final class OperatorTest {

  @Test
  void force_provenSectorToSubmit_sendsNothingAndComesBack() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Proving");
      for (String state : List.of("SubmitCommitAggregate", "Committing", "CommitWait")) {
        miner.pipeline.forceState(sector.number(), state);
        miner.untilState(sector, "Proving");
      }
      assertThat(miner.chain.pushed()).hasSize(2);
    }
  }

  @Test
  void force_preCommittedSectorToPreCommitting_sendsNothing() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "WaitSeed");
      miner.pipeline.forceState(sector.number(), "PreCommitting");
      miner.untilState(sector, "Proving");
      assertThat(miner.chain.pushed()).hasSize(2);
    }
  }

  @Test
  void force_everyState_leavesTheSectorForceable() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Proving");
      List<String> states = new ArrayList<>(List.of("Foo"));
      for (io.selkie.pipeline.SectorState state : io.selkie.pipeline.SectorState.values()) {
        if (!Set.of("Removed", "Removing", "RemoveFailed").contains(state.wireName())) {
          states.add(state.wireName());
        }
      }
      for (String state : states) {
        miner.pipeline.forceState(sector.number(), state);
        miner.step();
      }
      miner.pipeline.forceState(sector.number(), "Proving");
      miner.untilState(sector, "Proving");
      miner.crashAndRestart();
      assertThat(miner.state(sector)).isEqualTo("Proving");
      assertThat(miner.chain.pushed()).hasSize(2);
    }
  }

  @Test
  void undo_ofAForcedState_isExactAndOnlyOnce() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Proving");
      SectorRecord before = miner.status(sector).orElseThrow().record();
      ForcedStates forced = miner.pipeline.forcedStates();
      assertThat(forced.lastForced(sector.number())).isEmpty();

      ForcedStates.Plan plan = forced.plan(sector.number(), "Available");
      assertThat(plan.objections()).isEmpty();
      assertThat(plan.alive().orElseThrow()).startsWith("it is proven on chain");
      assertThat(plan.then().orElseThrow().next())
          .extracting(SectorOutlook.Next::state)
          .contains("Proving");
      assertThat(forced.plan(sector.number(), "Packing").objections().getFirst())
          .contains("it needs");
      assertThat(forced.plan(sector.number(), "Packing").unforceable()).isFalse();
      assertThat(forced.plan(sector.number(), "Removing").unforceable()).isTrue();
      assertThat(forced.plan(sector.number(), "Nowhere").then()).isEmpty();
      assertThat(miner.state(sector)).isEqualTo("Proving");

      miner.pipeline.forceState(sector.number(), "Available");
      long entry = forced.lastForced(sector.number()).orElseThrow();
      assertThat(forced.undo(sector.number(), entry)).isEqualTo(before);
      assertThat(miner.status(sector).orElseThrow().record())
          .usingRecursiveComparison()
          .ignoringFields("moves", "enteredAtMs")
          .isEqualTo(before);
      assertThatThrownBy(() -> forced.undo(sector.number(), entry))
          .isInstanceOf(SectorRefused.class)
          .hasMessageContaining("something has happened");
      assertThatThrownBy(() -> forced.undo(sector.number(), entry - 1))
          .isInstanceOf(SectorRefused.class)
          .hasMessageContaining("forced no state");
    }
  }

  @Test
  void preCommitFlush_refusedByTheChain_isTriedAgainWithoutWaitingForTheBatch() throws Exception {
    try (MinerSimulation miner = new MinerSimulation()) {
      miner.config =
          miner.config.withBatches(
              new SealingConfig.Batch(256, Duration.ofDays(1), Duration.ZERO),
              new SealingConfig.Batch(256, Duration.ZERO, Duration.ZERO));
      miner.start();
      SectorId sector = miner.pipeline.pledge();
      miner.until("queued", () -> miner.pipeline.preCommitPending().contains(sector));
      miner.chain.refuseNextPush(io.selkie.pipeline.ChainFault.Kind.OTHER);
      assertThat(miner.pipeline.preCommitFlush().getFirst().error())
          .isEqualTo("injected into push");
      // All the blocks this may take are fewer than a day has.
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void explain_waitingAndParkedSectors_sayWhy() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "WaitSeed");
      miner.until(
          "waits",
          () -> miner.status(sector).orElseThrow().timer().isPresent() && !running(miner, sector));
      SectorExplanation waits = miner.pipeline.explain(sector.number()).orElseThrow();
      assertThat(waits.now()).isEqualTo("waits for its seed");
      assertThat(waits.wakes().orElseThrow().epoch()).isPresent();
      assertThat(waits.wakes().orElseThrow().epochAt()).isPresent();
      assertThat(waits.outlook().next())
          .extracting(next -> next.words() + " -> " + next.state())
          .containsExactly(
              "seed ready -> Committing", "chain pre-commit failed -> PreCommitFailed");
      assertThat(waits.came().orElseThrow().event()).isEqualTo("SectorPreCommitLanded");
      assertThat(waits.came().orElseThrow().from()).isEqualTo("PreCommitBatchWait");
      assertThat(waits.risks()).extracting(Risk::danger).containsExactly(Risk.Danger.PRE_COMMIT);
      miner.pipeline.forceState(sector.number(), "UpdateReplica");
      miner.until("parked", () -> !running(miner, sector));
      assertThat(miner.pipeline.explain(sector.number()).orElseThrow().now())
          .startsWith("stands still: upgrades of sectors are not supported yet");
      miner.pipeline.forceState(sector.number(), "GetTicket");
      miner.pipeline.forceState(sector.number(), "Foo");
      SectorExplanation foo = miner.pipeline.explain(sector.number()).orElseThrow();
      assertThat(foo.outlook().meaning()).isEqualTo("a name that no handler knows");
      assertThat(foo.came().orElseThrow().event()).isEqualTo("SectorForceState");
      assertThat(foo.tried())
          .anySatisfy(tried -> {
            assertThat(tried.state()).isEqualTo("UpdateReplica");
            assertThat(tried.reason()).startsWith("upgrades of sectors are not supported yet");
          });
      assertThat(miner.pipeline.explain(new io.selkie.abi.SectorNumber(99))).isEmpty();
    }
  }

  @Test
  void explain_sectorThatFailsAgainAndAgain_tellsWhatWasTriedAndWhatFollows() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.sealer.failNext(Step.PRE_COMMIT_1, SealFault.Kind.IO);
      miner.sealer.failNext(Step.PRE_COMMIT_1, SealFault.Kind.IO);
      SectorId sector = miner.pipeline.pledge();
      miner.until(
          "failed twice",
          () -> miner.status(sector).orElseThrow().record().failures().preCommit1() == 2);
      miner.until(
          "pauses",
          () -> miner.status(sector).orElseThrow().timer().isPresent() && !running(miner, sector));
      SectorExplanation told = miner.pipeline.explain(sector.number()).orElseThrow();
      assertThat(told.state()).isEqualTo("SealPreCommit1Failed");
      assertThat(told.came().orElseThrow().event()).isEqualTo("SectorSealPreCommit1Failed");
      assertThat(told.came().orElseThrow().at()).isEqualTo(told.since());
      assertThat(told.wakes().orElseThrow().then())
          .extracting(next -> next.words() + " -> " + next.state())
          .containsExactly("retry seal pre-commit 1 -> PreCommit1");
      assertThat(told.tried())
          .extracting(tried -> tried.state() + ": " + tried.words() + " x" + tried.times())
          .containsExactly(
              "SealPreCommit1Failed: retry seal pre-commit 1 x1",
              "PreCommit1: seal pre-commit 1 failed x2");
      assertThat(told.risks()).extracting(Risk::danger).containsExactly(Risk.Danger.TICKET);
      assertThat(told.risks().getFirst().at().orElseThrow()).isAfter(miner.clock.instant());
      miner.chain.setOffline(true);
      SectorExplanation alone = miner.pipeline.explain(sector.number()).orElseThrow();
      assertThat(alone.chainTrouble()).isNotEmpty();
      assertThat(alone.risks().getFirst().at()).isEmpty();
    }
  }

  private static boolean running(MinerSimulation miner, SectorId sector) {
    return miner.status(sector).orElseThrow().running();
  }

  @Test
  void force_unknownName_isListedNowhereButCounted() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.pipeline.forceState(sector.number(), "Foo");
      assertThat(miner.pipeline.summary()).containsKey("Foo");
      assertThat(miner.pipeline.listInStates(Set.of("Foo"))).isEmpty();
      assertThat(miner.pipeline.list()).containsExactly(sector.number());
      miner.crashAndRestart();
      assertThat(miner.state(sector)).isEqualTo("Foo");
      miner.pipeline.forceState(sector.number(), "Packing");
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void deal_good_isProvenAndShownInTheRefs() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(3, 1016);
      CompletableFuture<SectorOffset> place = addDeal(miner, data, 5, 5);
      miner.until("piece", place::isDone);
      SectorId sector = new SectorId(MinerSimulation.MINER, place.join().sector());
      miner.pipeline.startPacking(sector.number());
      miner.untilState(sector, "Proving");
      assertThat(miner.pipeline.refs()).containsOnlyKeys(new DealId(5));
    }
  }

  @Test
  void deal_ofAnotherPiece_parksWithTheReasonAndGoesOnWhenItIsCorrected() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(3, 1016);
      CompletableFuture<SectorOffset> place = addDeal(miner, data, 5, 6);
      miner.until("piece", place::isDone);
      SectorId sector = new SectorId(MinerSimulation.MINER, place.join().sector());
      miner.pipeline.startPacking(sector.number());
      miner.untilState(sector, "RecoverDealIDs");
      miner.until(
          "reason", () -> !miner.status(sector).orElseThrow().record().lastError().isEmpty());
      assertThat(miner.status(sector).orElseThrow().record().lastError())
          .startsWith("deal 5 of piece 0 is not on chain");
      publish(miner, data, 5, 20_000);
      miner.crashAndRestart();
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void deal_thatGotAnotherNumber_isFoundByItsPublishMessage() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(3, 1016);
      CompletableFuture<SectorOffset> place = addDeal(miner, data, 5, 6);
      miner.chain.addPublishMessage(
          Cid.of(Cid.DAG_CBOR, Cid.BLAKE2B_256, new byte[32]),
          List.of(new DealId(4), new DealId(6)));
      miner.until("piece", place::isDone);
      SectorId sector = new SectorId(MinerSimulation.MINER, place.join().sector());
      miner.pipeline.startPacking(sector.number());
      miner.untilState(sector, "Proving");
      assertThat(miner.pipeline.refs()).containsOnlyKeys(new DealId(6));
      assertThat(miner.journal.log(sector))
          .extracting(io.selkie.pipeline.SectorJournal.LogLine::message)
          .contains("{\"User\":{\"Updates\":{\"0\":6}}}");
    }
  }

  @Test
  void deal_expired_parksAndKeepsTheData() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(3, 1016);
      CompletableFuture<SectorOffset> place = addDeal(miner, data, 5, 5);
      publish(miner, data, 5, 2001);
      miner.until("piece", place::isDone);
      SectorId sector = new SectorId(MinerSimulation.MINER, place.join().sector());
      miner.pipeline.startPacking(sector.number());
      miner.untilState(sector, "DealsExpired");
      miner.until(
          "reason", () -> !miner.status(sector).orElseThrow().record().lastError().isEmpty());
      assertThat(miner.sealer.hasFiles(sector)).isTrue();
    }
  }

  @Test
  void preCommitFlush_beforeTheWaitIsOver_sendsAtOnce() throws Exception {
    try (MinerSimulation miner = new MinerSimulation()) {
      miner.config =
          miner.config.withBatches(
              new SealingConfig.Batch(256, Duration.ofDays(1), Duration.ZERO),
              new SealingConfig.Batch(1, Duration.ofDays(1), Duration.ZERO));
      miner.start();
      List<SectorId> sectors = List.of(miner.pipeline.pledge(), miner.pipeline.pledge());
      miner.until("both queued", () -> miner.pipeline.preCommitPending().equals(sectors));
      assertThat(miner.pipeline.preCommitFlush())
          .singleElement()
          .satisfies(sent -> {
            assertThat(sent.sectors()).isEqualTo(sectors);
            assertThat(sent.message()).isPresent();
          });
      for (SectorId sector : sectors) {
        miner.untilState(sector, "Proving");
      }
      assertThat(miner.pipeline.preCommitFlush()).isEmpty();
    }
  }

  @Test
  void pledge_finalisedEarlyAndKeptForUpgrades_endsAvailable() throws Exception {
    try (MinerSimulation miner = new MinerSimulation()) {
      SealingConfig.Sectors old = miner.config.sectors();
      miner.config =
          miner.config.withSectors(
              new SealingConfig.Sectors(
                  old.committedCapacityLifetime(), true, true, true, false, false));
      miner.start();
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Available");
      assertThat(miner.journal.log(sector))
          .extracting(io.selkie.pipeline.SectorJournal.LogLine::kind)
          .containsSubsequence(
              "event;sealing.SectorProofReady",
              "event;sealing.SectorFinalizedAvailable",
              "event;sealing.SectorCommitAggregateSent",
              "event;sealing.SectorFinalizedAvailable");
      miner.pipeline.markForUpgrade(sector.number(), false);
      assertThat(miner.state(sector)).isEqualTo("Proving");
    }
  }

  @Test
  void addPiece_againAfterARestart_findsTheFirstCopy() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      byte[] data = MinerSimulation.data(3, 508);
      CompletableFuture<SectorOffset> first = addDeal(miner, data, 5, 5);
      miner.until("piece", first::isDone);
      miner.crashAndRestart();
      CompletableFuture<SectorOffset> again = addDeal(miner, data, 5, 5);
      miner.until("piece again", again::isDone);
      assertThat(again.join()).isEqualTo(first.join());
      miner.pipeline.remove(first.join().sector());
      CompletableFuture<SectorOffset> anew = addDeal(miner, data, 5, 5);
      miner.until("piece anew", anew::isDone);
      assertThat(anew.join().sector()).isNotEqualTo(first.join().sector());
    }
  }

  @Test
  void pledge_ofAHundredSectors_provesThemAll() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      List<SectorId> sectors = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sectors.add(miner.pipeline.pledge());
      }
      for (SectorId sector : sectors) {
        miner.untilState(sector, "Proving");
      }
      assertThat(miner.pipeline.summary()).containsEntry("Proving", 100L).hasSize(1);
    }
  }

  private static CompletableFuture<SectorOffset> addDeal(
      MinerSimulation miner, byte[] data, long deal, long published) throws Exception {
    publish(miner, data, published, 20_000);
    PieceDealInfo direct = MinerSimulation.direct(data, 20_000);
    Cid pieceCid = direct.pieceCid().orElseThrow();
    PieceDealInfo info =
        new PieceDealInfo(
            Optional.of(Cid.of(Cid.DAG_CBOR, Cid.BLAKE2B_256, new byte[32])),
            new DealId(deal),
            Optional.of(
                new PieceDealInfo.DealProposal(
                    pieceCid,
                    new UnpaddedPieceSize(data.length).padded(),
                    false,
                    "t0101",
                    "t01000",
                    "",
                    new ChainEpoch(20_000),
                    new ChainEpoch(1_600_000),
                    TokenAmount.ZERO,
                    TokenAmount.ZERO,
                    TokenAmount.ZERO)),
            direct.dealSchedule(),
            Optional.empty(),
            true);
    return miner.pipeline.addPiece(
        new UnpaddedPieceSize(data.length), () -> new ByteArrayInputStream(data), info);
  }

  private static void publish(MinerSimulation miner, byte[] data, long deal, long start) {
    miner.chain.addDeal(
        new DealOnChain(
            new DealId(deal),
            new ActorId(101),
            MinerSimulation.MINER,
            new PieceInfo(
                new UnpaddedPieceSize(data.length).padded(), FakeSealer.commitmentOf(data)),
            false,
            "",
            new ChainEpoch(start),
            new ChainEpoch(1_600_000),
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            Optional.empty()));
  }
}
