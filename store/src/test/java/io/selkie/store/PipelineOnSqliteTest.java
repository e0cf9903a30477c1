package io.selkie.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.WorkPool;
import io.selkie.testkit.FakeChain;
import io.selkie.testkit.FakeSealer;
import io.selkie.testkit.ManualClock;
import io.selkie.testkit.SeededRandom;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline over a real file that stops taking writes. */
class PipelineOnSqliteTest {

  private static final ActorId MINER = new ActorId(1000);

  @TempDir Path directory;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  /** A trigger stands for the disk; the second sector's start is what it refuses. */
  @Test
  void pledge_journalFails_stopsThePipelineForGoodAndLosesNothing() throws Exception {
    Path file = directory.resolve("journal.db");
    SectorId first;
    try (SqliteJournal journal = SqliteJournal.open(file);
        ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_795_376_000));
        SectorPipeline pipeline = pipeline(journal, clock)) {
      pipeline.start();
      first = pipeline.pledge();
      JournalSql.execute(
          "jdbc:sqlite:" + file,
          "CREATE TRIGGER fault BEFORE INSERT ON event WHEN NEW.number > "
              + first.number()
              + " BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END");

      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(pipeline::pledge).hasStackTraceContaining("the disk is gone");
      }

      assertThat(failures).hasSize(1);
      assertThat(failures.getFirst()).hasMessageContaining("the disk is gone");
    }
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      assertThat(journal.list(MINER)).containsExactly(first.number());
      assertThat(JournalReplay.examine(journal, journal.load(first).orElseThrow()))
          .isInstanceOf(JournalReplay.Finding.Same.class);
    }
  }

  private SectorPipeline pipeline(SqliteJournal journal, ManualClock clock) {
    return new SectorPipeline(
        new PipelineParts(
            MINER,
            journal,
            new FakeChain(MINER, SectorSize.KIB_2, 2000),
            new FakeSealer(),
            new WorkPool(Map.of()),
            clock,
            new SeededRandom(1),
            SealingConfig::defaults,
            new PipelineListener() {
              @Override
              public void journalFailed(Throwable cause) {
                failures.add(cause);
              }
            }));
  }
}
