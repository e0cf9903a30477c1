package io.selkie.node;

import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A journal on disk that holds the fixture's sectors. */
final class FixtureJournal {

  /** The event that put a sector there; the fixture's answers do not show it. */
  static final String SEEDED = "seeded";

  private FixtureJournal() {}

  /** The journal, freshly made. */
  static SqliteJournal create(Path file) throws IOException {
    SqliteJournal journal = SqliteJournal.open(file);
    journal.append(FixtureSectors.all().stream().map(FixtureJournal::entry).toList());
    return journal;
  }

  private static Entry entry(SectorRecord record) {
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
            record.dealRefs()));
  }
}
