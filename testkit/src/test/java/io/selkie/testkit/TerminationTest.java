package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorId;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sectors that an operator ends before their time. */
final class TerminationTest {

  private static SectorId proven(MinerSimulation miner) throws Exception {
    SectorId sector = miner.pipeline.pledge();
    miner.untilState(sector, "Proving");
    return sector;
  }

  private static List<TerminateSectorsParams> sent(MinerSimulation miner) {
    return miner.chain.pushed().stream()
        .filter(each -> each.message().method() == TerminateSectorsParams.METHOD)
        .map(each -> TerminateSectorsParams.decode(each.message().params()))
        .toList();
  }

  @Test
  void terminate_ofAProvenSector_removesItOnceThatIsFinal() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      miner.pipeline.terminate(sector.number());
      miner.untilState(sector, "TerminateWait");
      miner.untilState(sector, "TerminateFinality");
      SectorRecord record = miner.status(sector).orElseThrow().record();
      assertThat(record.termination().message()).isPresent();
      assertThat(record.termination().terminatedAt()).isGreaterThan(ChainEpoch.ZERO);
      assertThat(miner.sealer.hasFiles(sector)).isTrue();
      miner.untilState(sector, "Removed");
      assertThat(miner.chain.head().height().value() - record.termination().terminatedAt().value())
          .isGreaterThanOrEqualTo(900);
      assertThat(miner.sealer.hasFiles(sector)).isFalse();
      assertThat(sent(miner)).hasSize(1);
    }
  }

  @Test
  void terminate_ofSeveral_isOneMessageThatFlushSendsAndACrashDoesNotRepeat() throws Exception {
    try (MinerSimulation miner = new MinerSimulation()) {
      miner.config =
          miner.config.withTerminateBatch(
              new SealingConfig.TerminateBatch(1, 100, Duration.ofMinutes(20)));
      miner.start();
      List<SectorId> sectors = List.of(proven(miner), proven(miner));
      for (SectorId sector : sectors) {
        miner.pipeline.terminate(sector.number());
      }
      miner.until("both wait", () -> miner.pipeline.terminatePending().equals(sectors));
      miner.chain.loseNextAnswer();
      miner.pipeline.terminateFlush();
      miner.crashAndRestart();
      for (SectorId sector : sectors) {
        miner.untilState(sector, "TerminateFinality");
      }
      assertThat(sent(miner)).hasSize(1);
      assertThat(sent(miner).getFirst().declarations())
          .singleElement()
          .satisfies(each -> assertThat(each.sectors().members(10)).containsExactly(0, 1));
    }
  }

  @Test
  void terminate_nearItsDeadline_isHeldBack() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      // The fake proves every sector in deadline 0, which opens every 2880 epochs.
      while (miner.chain.head().height().value() % 2880 < 2880 - 30) {
        miner.chain.mine();
      }
      miner.pipeline.terminate(sector.number());
      miner.until("held", () -> miner.status(sector).orElseThrow().timer().isPresent());
      assertThat(miner.status(sector).orElseThrow().timer().orElseThrow().reason())
          .isEqualTo("waits until its deadline 0 is past");
      assertThat(miner.pipeline.terminateFlush()).isEmpty();
      miner.untilState(sector, "TerminateWait");
      assertThat(miner.chain.head().height().value() % 2880).isGreaterThanOrEqualTo(120);
    }
  }

  @Test
  void terminate_ofAPreCommittedSector_saysThatItCannotBe() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "WaitSeed");
      miner.pipeline.terminate(sector.number());
      miner.until(
          "parked", () -> !miner.status(sector).orElseThrow().record().lastError().isEmpty());
      assertThat(miner.state(sector)).isEqualTo("TerminateFailed");
      assertThat(miner.status(sector).orElseThrow().record().lastError())
          .startsWith("it is pre-committed and not proven");
      assertThat(miner.status(sector).orElseThrow().timer()).isPresent();
      miner.pipeline.forceState(sector.number(), "WaitSeed");
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void terminate_ofASectorThatIsNotOnChain_removesIt() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      miner.chain.endSector(sector.number());
      miner.pipeline.terminate(sector.number());
      miner.untilState(sector, "Removed");
      assertThat(sent(miner)).isEmpty();
    }
  }

  @Test
  void terminate_thatFailsOnChain_isTriedAgain() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId sector = proven(miner);
      miner.chain.endNextWith(16);
      miner.pipeline.terminate(sector.number());
      miner.untilState(sector, "TerminateFailed");
      miner.untilState(sector, "TerminateFinality");
      assertThat(sent(miner)).hasSize(2);
    }
  }
}
