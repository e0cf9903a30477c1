package io.selkie.node;

import io.selkie.abi.DealId;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A journal on disk that holds fixture F1, or F1R. */
final class FixtureJournal {

  /** The event that put a sector there; the fixture's logs do not have it. */
  private static final String SEEDED = "seeded";

  private FixtureJournal() {}

  /** F1: deals lie where the records say. */
  static SqliteJournal f1(Path file) throws IOException, SQLException {
    return seeded(file, FixtureSectors.all(), SectorRecord::dealRefs);
  }

  /** F1R: sectors 100 and 7 hold deals 5 and 98000. */
  static SqliteJournal f1r(Path file) throws IOException, SQLException {
    List<SectorRecord> records =
        Stream.concat(FixtureSectors.all().stream(), Stream.of(FixtureSectors.empty(7, "Proving")))
            .toList();
    return seeded(
        file,
        records,
        record ->
            switch ((int) record.sector().number().value()) {
              case 100 -> refs(record, 10485760, 1048576);
              case 7 -> refs(record, 0, 127);
              default -> List.of();
            });
  }

  private static List<DealRef> refs(SectorRecord record, long offset, long size) {
    return LongStream.of(5, 98000)
        .mapToObj(deal -> new DealRef(new DealId(deal), record.sector().number(), offset, size))
        .toList();
  }

  private static SqliteJournal seeded(
      Path file, List<SectorRecord> records, Function<SectorRecord, List<DealRef>> refs)
      throws IOException, SQLException {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      journal.append(records.stream().map(record -> entry(record, refs.apply(record))).toList());
    }
    forgetSeeding(file);
    return SqliteJournal.open(file);
  }

  private static Entry entry(SectorRecord record, List<DealRef> refs) {
    boolean logged = record.sector().number().value() == 9;
    return new Entry(
        record.sector(),
        1,
        Instant.ofEpochSecond(42),
        logged ? "event;sealing.SectorStartCC" : SEEDED,
        "{\"User\":{}}",
        "tr",
        new byte[0],
        new Snapshot(
            record.sector(),
            1,
            record.state(),
            RecordCodec.encode(record),
            Optional.empty(),
            refs));
  }

  /** The journal itself never lets an event go, so this goes behind its back. */
  private static void forgetSeeding(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DROP TRIGGER event_is_never_deleted");
      statement.executeUpdate("DELETE FROM event WHERE kind = '" + SEEDED + "'");
      statement.executeUpdate(
          "CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event"
              + " BEGIN SELECT RAISE(ABORT, 'rows of event are never removed'); END");
    }
  }
}
