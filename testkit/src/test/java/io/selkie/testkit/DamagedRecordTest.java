package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.JournalReplay.Finding;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
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
    ONE_BIT,
    NO_TUPLE,
    OTHER_JSON,
    LATER_VERSION,
    OTHER_SECTOR;

    byte[] of(byte[] row) {
      return switch (this) {
        case EMPTY -> new byte[0];
        case TRUNCATED -> Arrays.copyOf(row, row.length / 2);
        case ONE_BIT -> with(row, row.length / 2, row[row.length / 2] ^ 1);
        case NO_TUPLE -> new byte[] {-1, 0, 1};
        case OTHER_JSON -> "[1]".getBytes(StandardCharsets.UTF_8);
        case LATER_VERSION -> with(row, 1, 7);
        case OTHER_SECTOR ->
            RecordCodec.encode(
                SectorRecord.fresh(SectorId.of(1000, 99), RecordCodec.decode(row).sealProof()));
      };
    }

    private static byte[] with(byte[] row, int at, int value) {
      byte[] changed = row.clone();
      changed[at] = (byte) value;
      return changed;
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
