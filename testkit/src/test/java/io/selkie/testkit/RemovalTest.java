package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.SectorRefused;
import io.selkie.testkit.FakeSealer.Step;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Nothing that the chain believes alive is deleted without a second key. */
final class RemovalTest {

  private static final Optional<SectorNumber> NO_KEY = Optional.empty();

  private static SectorId proven(MinerSimulation miner) throws Exception {
    SectorId sector = miner.pipeline.pledge();
    miner.untilState(sector, "Proving");
    return sector;
  }

  private static void assertUntouched(MinerSimulation miner, SectorId sector) {
    assertThat(miner.state(sector)).isEqualTo("Proving");
    assertThat(miner.sealer.hasFiles(sector)).isTrue();
    assertThat(miner.sealer.calls()).noneMatch(call -> call.startsWith("REMOVE"));
  }

  @Test
  void remove_ofALiveSector_isRefusedWithoutItsNumber() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      assertThatThrownBy(() -> miner.pipeline.remove(sector.number(), NO_KEY))
          .isInstanceOf(SectorRefused.class)
          .hasMessageContaining("sector 0 is alive: it is proven on chain")
          .hasMessageContaining("--destroy-live 0");
      assertThatThrownBy(
              () -> miner.pipeline.remove(sector.number(), Optional.of(new SectorNumber(1))))
          .isInstanceOf(SectorRefused.class)
          .hasMessage("the second key is 1, the sector is 0");
      miner.chain.setOffline(true);
      assertThatThrownBy(() -> miner.pipeline.remove(sector.number(), NO_KEY))
          .isInstanceOf(ChainFault.class);
      assertUntouched(miner, sector);
    }
  }

  @Test
  void remove_ofAPreCommittedSector_isRefusedToo() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "WaitSeed");
      assertThatThrownBy(() -> miner.pipeline.remove(sector.number(), NO_KEY))
          .isInstanceOf(SectorRefused.class)
          .hasMessageContaining("its pre-commit of epoch");
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void remove_withTheSecondKey_removesEvenThroughACrashAndAFailure() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      CountDownLatch gate = miner.sealer.gate(Step.REMOVE);
      miner.sealer.failNext(Step.REMOVE, io.selkie.pipeline.SealFault.Kind.IO);
      miner.pipeline.remove(sector.number(), Optional.of(sector.number()));
      miner.untilState(sector, "RemoveFailed");
      assertThat(miner.status(sector).orElseThrow().record().removalKey())
          .contains(sector.number());
      miner.crashAndRestart();
      gate.countDown();
      miner.untilState(sector, "Removed");
      assertThat(miner.sealer.hasFiles(sector)).isFalse();
      assertThat(miner.status(sector).orElseThrow().record().removalKey()).isEmpty();
      assertThat(miner.status(sector).orElseThrow().log())
          .filteredOn(line -> line.kind().equals("event;sealing.SectorRemove"))
          .extracting(io.selkie.pipeline.SectorJournal.LogLine::message)
          .containsOnly("{\"User\":{}}");
    }
  }

  @Test
  void removing_forcedUponALiveSector_parksAndDeletesNothing() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      assertThatThrownBy(
              () -> miner.pipeline.forceState(sector.number(), "Removing", Forcing.ANY_STATE))
          .isInstanceOf(SectorRefused.class);
      miner.pipeline.forceState(sector.number(), "Removing", Forcing.LENIENT);
      miner.until(
          "parked", () -> !miner.status(sector).orElseThrow().record().lastError().isEmpty());
      assertThat(miner.status(sector).orElseThrow().record().lastError())
          .startsWith("sector 0 is alive: it is proven on chain");
      miner.pipeline.forceState(sector.number(), "Proving", Forcing.CHECKED);
      assertUntouched(miner, sector);
    }
  }

  @Test
  void removing_whileTheChainIsAway_waits() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      miner.chain.setOffline(true);
      miner.pipeline.forceState(sector.number(), "Removing", Forcing.LENIENT);
      miner.until("waits", () -> miner.status(sector).orElseThrow().timer().isPresent());
      for (int i = 0; i < 50; i++) {
        miner.step();
      }
      assertThat(miner.sealer.hasFiles(sector)).isTrue();
      miner.chain.endSector(sector.number());
      miner.chain.setOffline(false);
      miner.untilState(sector, "Removed");
    }
  }

  @Test
  void force_awayFromARemoval_takesTheKeyBack() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      CountDownLatch gate = miner.sealer.gate(Step.REMOVE);
      miner.pipeline.remove(sector.number(), Optional.of(sector.number()));
      miner.pipeline.forceState(sector.number(), "Proving", Forcing.LENIENT);
      gate.countDown();
      assertThat(miner.status(sector).orElseThrow().record().removalKey()).isEmpty();
      assertThat(miner.sealer.hasFiles(sector)).isTrue();
    }
  }

  @Test
  void abortUpgrade_ofASectorTheChainHasAsItWas_dropsItsFilesAndGoesBack() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      miner.sealer.failNext(Step.DROP_UPGRADE, io.selkie.pipeline.SealFault.Kind.IO);
      miner.pipeline.forceState(sector.number(), "AbortUpgrade");
      miner.untilState(sector, "Proving");
      assertThat(miner.sealer.calls())
          .filteredOn(call -> call.startsWith("DROP_UPGRADE"))
          .hasSize(2);
      miner.chain.endSector(sector.number());
      miner.pipeline.forceState(sector.number(), "AbortUpgrade");
      miner.until(
          "parked", () -> !miner.status(sector).orElseThrow().record().lastError().isEmpty());
      assertThat(miner.status(sector).orElseThrow().record().lastError())
          .startsWith("it is not on chain");
      assertThat(miner.sealer.calls())
          .filteredOn(call -> call.startsWith("DROP_UPGRADE"))
          .hasSize(2);
    }
  }

  @Test
  void force_checked_refusesWithoutAnyChange() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      int lines = miner.status(sector).orElseThrow().log().size();
      for (String state : new String[] {"Foo", "PreCommit1", "UpdateReplica", "Removing"}) {
        assertThatThrownBy(() -> miner.pipeline.forceState(sector.number(), state, Forcing.CHECKED))
            .isInstanceOf(SectorRefused.class);
      }
      assertThat(miner.status(sector).orElseThrow().log()).hasSize(lines);
      assertUntouched(miner, sector);
      miner.pipeline.forceState(sector.number(), "FinalizeSector", Forcing.CHECKED);
      miner.untilState(sector, "Proving");
    }
  }
}
