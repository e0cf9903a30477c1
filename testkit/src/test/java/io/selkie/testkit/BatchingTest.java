package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SealingConfig.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a batch goes, and whom it takes along. A block of this chain takes four seconds. */
final class BatchingTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final String QUEUED = "SubmitPreCommitBatch";

  @Test
  void batch_thatIsFull_goesAtOnceAsOneMessage() throws Exception {
    try (MinerSimulation miner = withPreCommits(new Batch(3, DAY, Duration.ZERO))) {
      List<SectorId> sectors =
          List.of(miner.pipeline.pledge(), miner.pipeline.pledge(), miner.pipeline.pledge());
      for (SectorId sector : sectors) {
        miner.untilState(sector, "Proving");
      }
      assertThat(preCommits(miner)).containsExactly(3);
      assertThat(miner.pipeline.preCommitPending()).isEmpty();
      assertThat(miner.pipeline.commitPending()).isEmpty();
    }
  }

  @Test
  void batch_whoseWaitIsOver_goesThoughMembersKeepComing() throws Exception {
    Duration wait = Duration.ofSeconds(400);
    try (MinerSimulation miner = withPreCommits(new Batch(256, wait, Duration.ZERO))) {
      SectorId first = miner.pipeline.pledge();
      miner.untilState(first, QUEUED);
      Instant queued = miner.clock.instant();
      int blocks = 0;
      while (miner.clock.instant().isBefore(queued.plus(wait).minusSeconds(40))) {
        if (blocks++ % 20 == 0) {
          miner.pipeline.pledge();
        }
        miner.step();
      }
      assertThat(miner.state(first)).as("before its wait is over").isEqualTo(QUEUED);
      while (miner.clock.instant().isBefore(queued.plus(wait).plusSeconds(40))) {
        miner.step();
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> !miner.state(first).equals(QUEUED));
      assertThat(preCommits(miner)).hasSize(1).allMatch(members -> members > 1);
    }
  }

  @Test
  void batch_whoseMemberWouldBeTooLate_goesBeforeItsWaitIsOver() throws Exception {
    try (MinerSimulation patient = withPreCommits(new Batch(256, DAY, Duration.ZERO))) {
      SectorId sector = patient.pipeline.pledge();
      patient.untilState(sector, QUEUED);
      for (int block = 0; block < 100; block++) {
        patient.step();
      }
      assertThat(patient.state(sector)).isEqualTo(QUEUED);
    }
    // Its ticket is good for a few hours; with thirty days of slack there is no time to lose.
    try (MinerSimulation miner = withPreCommits(new Batch(256, DAY, Duration.ofDays(30)))) {
      SectorId sector = miner.pipeline.pledge();
      miner.untilState(sector, "Proving");
    }
  }

  @Test
  void batch_withAMemberThatTheChainRefuses_takesTheOthersAlong() throws Exception {
    try (MinerSimulation miner = withPreCommits(new Batch(4, DAY, Duration.ZERO))) {
      List<SectorId> sectors =
          List.of(
              miner.pipeline.pledge(),
              miner.pipeline.pledge(),
              miner.pipeline.pledge(),
              miner.pipeline.pledge());
      SectorId bad = sectors.get(1);
      miner.chain.refusePreCommitsOf(bad.number());
      for (SectorId sector : sectors) {
        if (!sector.equals(bad)) {
          miner.untilState(sector, "Proving");
        }
      }
      assertThat(miner.state(bad)).isNotEqualTo("Proving");
      assertThat(preCommits(miner)).as("each sector once").isNotEmpty();
      assertThat(preCommits(miner).stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
    }
  }

  private static MinerSimulation withPreCommits(Batch batch) {
    MinerSimulation miner = new MinerSimulation();
    SealingConfig config = miner.config;
    miner.config = config.withBatches(batch, config.commitBatch());
    return miner.start();
  }

  /** How many sectors each pre-commit message names. */
  private static List<Integer> preCommits(MinerSimulation miner) {
    return miner.chain.pushed().stream()
        .filter(each -> each.message().method() == PreCommitSectorBatch2Params.METHOD)
        .map(each -> PreCommitSectorBatch2Params.decode(each.message().params()).sectors().size())
        .toList();
  }
}
