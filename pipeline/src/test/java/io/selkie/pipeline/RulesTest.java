package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Randomness;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import io.selkie.pipeline.InputRules.Packing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The pure rules: expirations, packing, admission, pauses. */
final class RulesTest {

  private static final NetworkTiming TIMING = new NetworkTiming(28, 4000, 10, 5, 6, 900);
  private static final Instant NOW = Instant.ofEpochSecond(10_000);

  @Test
  void expiration_ofARecordedPledgedSector_isTheRecordedOne() {
    // Recorded from lotus-miner 1.36.2-dev: ticket epoch -883, so the head was at 17.
    SectorRecord sector =
        SectorRecord.fresh(SampleSectors.SECTOR, SampleSectors.full("Packing").sealProof())
            .withTicket(
                new SectorRecord.Drawn(
                    new Randomness(SampleSectors.bytes(1)), new ChainEpoch(-883)));
    assertThat(Expirations.choose(sector, Duration.ofDays(540), TIMING, new ChainEpoch(17)))
        .isEqualTo(new ChainEpoch(1_549_457));
  }

  @Test
  void expiration_withDeals_isTheLastDealsEnd() {
    assertThat(
            Expirations.choose(
                SampleSectors.full("Packing"), Duration.ofDays(540), TIMING, new ChainEpoch(84)))
        .isEqualTo(new ChainEpoch(1_600_000));
  }

  @Test
  void packing_ofAFullSector_isNow() {
    assertThat(pack(SampleSectors.full("WaitDeals"), 0)).isEqualTo(new Packing.Now("filled"));
  }

  @Test
  void packing_withoutAPiece_isNotYet() {
    assertThat(pack(SampleSectors.full("WaitDeals").withPieces(List.of()), 0))
        .isEqualTo(new Packing.NotYet());
  }

  @Test
  void packing_byTheEarliestDeal_comesBeforeTheDelay() {
    SectorRecord sector =
        SampleSectors.full("WaitDeals")
            .withPieces(SampleSectors.full("WaitDeals").pieces().subList(0, 1))
            .withCreatedAt(10_000);
    // The deal starts at 2000 and sealing takes 480: at head 1500, 20 epochs of 4 s are left.
    assertThat(pack(sector, 1500)).isEqualTo(new Packing.At(NOW.plusSeconds(80)));
    assertThat(pack(sector, 0)).isEqualTo(new Packing.At(NOW.plus(Duration.ofSeconds(1520 * 4))));
    assertThat(pack(sector.withCreatedAt(1), -100_000))
        .isEqualTo(new Packing.At(Instant.ofEpochSecond(1).plus(Duration.ofHours(6))));
    assertThat(pack(sector, 1600)).isEqualTo(new Packing.Now("wait-timeout"));
  }

  private static Packing pack(SectorRecord sector, long head) {
    return InputRules.packing(
        sector, SealingConfig.defaults().input(), TIMING, new ChainEpoch(head), NOW);
  }

  @Test
  void objection_toEveryKindOfBadInfo_hasTheReferencesWords() {
    PieceDealInfo market = SampleSectors.marketDeal(5);
    assertThat(InputRules.objection(market, new ChainEpoch(0), 480)).isEmpty();
    assertThat(
            InputRules.objection(
                market.withDealId(new io.selkie.abi.DealId(0)), new ChainEpoch(0), 480))
        .hasValue(
            "piece metadata invalid: piece deal info has neither legacy deal info nor piece"
                + " activation manifest");
    PieceDealInfo both =
        new PieceDealInfo(
            market.publishCid(),
            market.dealId(),
            market.dealProposal(),
            market.dealSchedule(),
            SampleSectors.direct(1, 512).pieceActivationManifest(),
            false);
    assertThat(both.problem())
        .hasValue("piece deal info has both legacy deal info and piece activation manifest");
    PieceDealInfo.DealSchedule backwards =
        new PieceDealInfo.DealSchedule(new ChainEpoch(20), new ChainEpoch(10));
    assertThat(
            PieceDealInfo.direct(
                    SampleSectors.direct(1, 512).pieceActivationManifest().orElseThrow(),
                    backwards,
                    false)
                .problem())
        .hasValue("invalid deal end epoch 10 (start 20)");
    assertThat(InputRules.objection(market, new ChainEpoch(1521), 480))
        .hasValueSatisfying(text ->
            assertThat(text)
                .endsWith("current epoch 1521 has passed deal proposal start epoch 2000"));
  }

  @Test
  void pause_growsToItsLimitAndSpreads() {
    RetryPolicy policy = new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(10), 0.5, 3);
    SplittableRandom random = new SplittableRandom(7);
    for (int failures = 1; failures < 100; failures++) {
      long whole = Math.min(10_000, 1000L << Math.min(failures - 1, 20));
      assertThat(policy.pause(failures, random).toMillis()).isBetween(whole / 2, whole);
    }
    assertThat(new RetryPolicy(Duration.ofSeconds(1), Duration.ofDays(9), 0, 1).pause(4, random))
        .isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void dealRefs_ofARecord_giveOffsetsOfMarketDealsOnly() {
    assertThat(SampleSectors.full("Proving").dealRefs())
        .containsExactly(
            new SectorJournal.DealRef(
                new io.selkie.abi.DealId(44), SampleSectors.SECTOR.number(), 0, 1016));
    assertThat(Optional.of(SampleSectors.full("Proving").usedPaddedBytes())).hasValue(2048L);
  }
}
