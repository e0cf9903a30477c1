package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.ProvingDeadline;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.pipeline.Risk.Danger;
import io.selkie.pipeline.SectorRisks.OnChain;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is at risk until when. */
final class SectorRisksTest {

  private static final NetworkTiming TIMING = new NetworkTiming(28, 4000, 10, 5, 6, 900);
  private static final ChainEpoch HEAD = new ChainEpoch(100);
  private static final OnChain NOTHING =
      new OnChain(
          HEAD,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  @Test
  void risks_beforeThePreCommit_areDealAndTicket() {
    assertThat(SectorRisks.of(SampleSectors.full("PreCommit2"), Optional.of(NOTHING), TIMING))
        .containsExactly(risk(Danger.DEAL_START, 2000), risk(Danger.TICKET, -883 + 3780));
  }

  @Test
  void risks_withAPreCommitOnChain_countFromThere() {
    SectorRecord sector = SampleSectors.full("WaitSeed");
    PreCommitOnChain preCommit =
        new PreCommitOnChain(
            sector.sector().number(),
            RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
            SampleSectors.sealed(6),
            new ChainEpoch(-883),
            new ChainEpoch(1_600_000),
            Optional.empty(),
            TokenAmount.ZERO,
            new ChainEpoch(40));
    OnChain seen =
        new OnChain(
            HEAD,
            Optional.of(preCommit),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(SectorRisks.of(sector, Optional.of(seen), TIMING))
        .containsExactly(risk(Danger.DEAL_START, 2000), risk(Danger.PRE_COMMIT, 40 + 86_550));
  }

  @Test
  void risks_withoutAnAnswerOfTheChain_comeFromTheRecord() {
    SectorRecord sector = SampleSectors.full("Committing");
    assertThat(SectorRisks.of(sector, Optional.empty(), TIMING))
        .containsExactly(risk(Danger.DEAL_START, 2000), risk(Danger.PRE_COMMIT, 33 - 10 + 86_550));
    assertThat(
            SectorRisks.of(
                sector.withPieces(List.of()).withPreCommit(SectorRecord.PreCommit.NONE),
                Optional.empty(),
                TIMING))
        .containsExactly(risk(Danger.TICKET, -883 + 3780));
  }

  @Test
  void risks_ofAProvenSector_areItsNextDeadlineAndItsEnds() {
    SectorRecord sector = SampleSectors.full("Proving");
    // Deadline 3 of 48 is open until 260; the sector's, 5, opens one window of 60 later.
    assertThat(SectorRisks.of(sector, Optional.of(proven(sector, 5, 900)), TIMING))
        .containsExactly(
            risk(Danger.FAULT_CUTOFF, 260 + 60 - 70),
            risk(Danger.FAULTY_TOO_LONG, 900),
            risk(Danger.EXPIRATION, 1_600_000));
    assertThat(SectorRisks.of(sector, Optional.of(proven(sector, 3, 0)), TIMING))
        .containsExactly(
            risk(Danger.FAULT_CUTOFF, 260 + 47 * 60 - 70), risk(Danger.EXPIRATION, 1_600_000));
  }

  @Test
  void risks_ofASectorThatIsGone_areNone() {
    assertThat(SectorRisks.of(SampleSectors.full("Removed"), Optional.of(NOTHING), TIMING))
        .isEmpty();
    assertThat(SectorRisks.of(SampleSectors.full("Proving"), Optional.empty(), TIMING)).isEmpty();
  }

  private static OnChain proven(SectorRecord sector, long deadline, long early) {
    return new OnChain(
        HEAD,
        Optional.empty(),
        Optional.of(
            new SectorOnChain(
                sector.sector().number(),
                RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
                SampleSectors.sealed(6),
                new ChainEpoch(50),
                new ChainEpoch(1_600_000),
                TokenAmount.ZERO,
                TokenAmount.ZERO,
                TokenAmount.ZERO)),
        Optional.of(new SectorExpiration(new ChainEpoch(1_600_000), new ChainEpoch(early))),
        Optional.of(new SectorPlace(deadline, 0)),
        Optional.of(new ProvingDeadline(3, new ChainEpoch(260), 48, 60)));
  }

  private static Risk risk(Danger danger, long epoch) {
    return new Risk(danger, new ChainEpoch(epoch));
  }
}
