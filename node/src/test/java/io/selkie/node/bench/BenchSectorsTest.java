package io.selkie.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.JournalReplay.Finding;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.store.JournalLoad;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sectors that are measured with are sectors like any others. */
class BenchSectorsTest {

  /** Enough for each fate, few enough for appends. */
  private static final long COUNT = 600;

  private static final long SEED = 1;

  private static final List<String> TABLES =
      List.of(
          "event",
          "sector",
          "sector_count",
          "deal_ref",
          "timer",
          "sector_number",
          "sector_view",
          "sector_piece",
          "read_model");

  @TempDir private Path directory;

  private final BenchSectors sectors = new BenchSectors(new ActorId(1000), COUNT, SEED);

  private Path loaded() throws IOException {
    Path file = directory.resolve("loaded.db");
    try (JournalLoad load = JournalLoad.create(file)) {
      for (long from = 0; from < COUNT; from += BenchSectors.WAVE) {
        load.add(
            LongStream.range(from, Math.min(COUNT, from + BenchSectors.WAVE))
                .mapToObj(number -> sectors.make(number).loaded())
                .toList());
      }
      load.finish();
    }
    return file;
  }

  /** The same sectors by the way that the pipeline takes. */
  private Path appended() throws IOException {
    Path file = directory.resolve("appended.db");
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      for (long number = 0; number < COUNT; number++) {
        JournalLoad.Sector sector = sectors.make(number).loaded();
        journal.allocateNumber(sector.row().sector());
        journal.append(entries(sector));
      }
    }
    return file;
  }

  private static List<Entry> entries(JournalLoad.Sector sector) {
    Snapshot row = sector.row();
    List<Entry> entries = new ArrayList<>();
    for (JournalLoad.Line line : sector.lines()) {
      long sequence = entries.size() + 1L;
      entries.add(
          new Entry(
              row.sector(),
              sequence,
              line.at(),
              line.kind(),
              line.message(),
              line.trace(),
              line.payload(),
              new Snapshot(
                  row.sector(), sequence, line.state(), row.record(), row.timer(), row.refs())));
    }
    return entries;
  }

  private static List<String> rows(Path file, String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(
              found.getObject(i) instanceof byte[] bytes
                  ? Arrays.toString(bytes)
                  : String.valueOf(found.getObject(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  @Test
  void load_ofSectors_leavesTheRowsOfAppends() throws Exception {
    Path loaded = loaded();
    Path appended = appended();
    for (String table : TABLES) {
      assertThat(rows(loaded, table))
          .as(table)
          .containsExactlyInAnyOrderElementsOf(rows(appended, table));
    }
    String schema = "sqlite_master WHERE name NOT LIKE 'sqlite_stat%'";
    assertThat(rows(loaded, schema).size()).isEqualTo(rows(appended, schema).size());
    String order = "(SELECT miner, number, sequence FROM event_order ORDER BY 1, 2, 3)";
    assertThat(rows(loaded, order)).isEqualTo(rows(appended, order));
  }

  @Test
  void order_ofLoadedEntries_isThatOfTheirTimes() throws Exception {
    assertThat(
            rows(
                loaded(),
                "(SELECT 1 FROM (SELECT e.at_s * 1000000000 + e.at_ns AS t,"
                    + " lag(e.at_s * 1000000000 + e.at_ns) OVER (ORDER BY o.position) AS b"
                    + " FROM event_order o JOIN event e USING (miner, number, sequence))"
                    + " WHERE t < b LIMIT 1)"))
        .isEmpty();
  }

  @Test
  void sectors_ofEveryFate_replayToTheirRows() throws Exception {
    Set<BenchSectors.Fate> seen = EnumSet.noneOf(BenchSectors.Fate.class);
    try (SqliteJournal journal = SqliteJournal.open(loaded())) {
      for (long number = 0; number < COUNT; number++) {
        Snapshot row = journal.load(SectorId.of(1000, number)).orElseThrow();
        assertThat(JournalReplay.examine(journal, row))
            .as("sector %d, seed %d", number, SEED)
            .isInstanceOf(Finding.Same.class);
        assertThat(row.state()).isEqualTo(sectors.fate(number).state());
        seen.add(sectors.fate(number));
      }
    }
    assertThat(seen).isEqualTo(EnumSet.allOf(BenchSectors.Fate.class));
  }

  @Test
  void sectors_ofTheSameSeed_areTheSame() {
    BenchSectors same = new BenchSectors(new ActorId(1000), COUNT, SEED);
    assertThat(same.make(42).record()).isEqualTo(sectors.make(42).record());
    assertThat(sectors.make(43).lines()).hasSizeBetween(12, BenchStory.MOST_EVENTS);
    assertThat(new BenchSectors(new ActorId(1000), COUNT, SEED + 1).make(42).record())
        .isNotEqualTo(sectors.make(42).record());
  }
}
