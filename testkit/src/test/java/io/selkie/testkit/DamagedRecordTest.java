package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.JournalReplay.Finding;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One row that a bad disk has changed: it is listed, says why, and holds nobody up. */
final class DamagedRecordTest {

  /** What became of the row. */
  enum Damage {
    EMPTY,
    TRUNCATED,
    NO_JSON,
    OTHER_JSON,
    LATER_VERSION,
    OTHER_SECTOR;

    byte[] of(byte[] row) {
      String text = new String(row, StandardCharsets.UTF_8);
      return switch (this) {
        case EMPTY -> new byte[0];
        case TRUNCATED -> Arrays.copyOf(row, row.length / 2);
        case NO_JSON -> new byte[] {-1, 0, 1};
        case OTHER_JSON -> bytes("[1]");
        case LATER_VERSION -> bytes(text.replace("{\"V\":1,", "{\"V\":7,"));
        case OTHER_SECTOR -> bytes(text.replaceFirst("\"Number\":\\d+", "\"Number\":99"));
      };
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void sector_recordDamaged_standsStillAloneUntilRepaired(Damage damage) throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorId bad = miner.pipeline.pledge();
      SectorId good = miner.pipeline.pledge();
      miner.untilState(bad, "WaitSeed");
      miner.untilState(good, "WaitSeed");
      Snapshot row = miner.journal.load(bad).orElseThrow();
      assertThat(damage.of(row.record())).isNotEqualTo(row.record());

      miner.journal.damage(bad, old -> with(old, damage.of(old.record())));
      miner.crashAndRestart();

      miner.untilState(good, "Proving");
      assertThat(miner.pipeline.list()).containsExactlyInAnyOrder(bad.number(), good.number());
      assertThat(miner.pipeline.summary()).isEqualTo(Map.of("Proving", 1L, "WaitSeed", 1L));
      SectorStatus status = miner.status(bad).orElseThrow();
      assertThat(status.record().state()).isEqualTo("WaitSeed");
      assertThat(status.record().lastError()).contains(bad.toString()).contains("cannot be read");
      assertThat(status.record().preCommit().message()).isPresent();
      assertThat(status.log()).isNotEmpty();
      assertThat(miner.pipeline.explain(bad.number()).orElseThrow().now()).contains("stands still");
      assertThat(miner.pipeline.undecodable())
          .singleElement()
          .satisfies(found -> {
            assertThat(found.sector()).isEqualTo(bad);
            assertThat(found.replay()).isInstanceOf(JournalReplay.Result.Made.class);
          });
      assertThatThrownBy(() -> miner.pipeline.startPacking(bad.number()))
          .hasMessageContaining("cannot be read");

      JournalReplay.repair(miner.journal, bad);
      assertThat(miner.journal.load(bad).orElseThrow().record()).isEqualTo(row.record());
      assertThat(JournalReplay.examine(miner.journal, miner.journal.load(bad).orElseThrow()))
          .isInstanceOf(Finding.Same.class);
      miner.crashAndRestart();
      miner.untilState(bad, "Proving");
      assertThat(miner.pipeline.undecodable()).isEmpty();
    }
  }

  private static Snapshot with(Snapshot row, byte[] record) {
    return new Snapshot(row.sector(), row.sequence(), row.state(), record, row.timer(), row.refs());
  }
}
