package io.selkie.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sector that fails and is tried again, for hours, must not fill the disk. */
class JournalGrowthTest {

  private static final long LIMIT_BYTES_PER_HOUR = 1 << 20;

  /** One failure a minute, the shortest pause there is, though the pauses grow to half an hour. */
  private static final int FAILURES_PER_HOUR = 60;

  /** The proof of a sector of 32 GiB before it is compressed, in base64, with the rest. */
  private static final int RECORD_BYTES = 400_000;

  private static final int HOURS = 3;

  @TempDir Path directory;

  @Test
  void journal_ofASectorThatIsTriedAgain_growsByLessThanTheLimit() throws IOException {
    Path file = directory.resolve("journal.db");
    SectorId sector = SectorId.of(1000, 1);
    long before;
    Random random = new Random(3);
    byte[] record = new byte[RECORD_BYTES];
    random.nextBytes(record);
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      journal.append(List.of(entry(sector, 1, "Committing", 100, record)));
      journal.append(List.of(entry(sector, 2, "CommitFailed", 100, record)));
    }
    before = Files.size(file);
    long walMost = 0;
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      long sequence = 2;
      for (int i = 0; i < HOURS * FAILURES_PER_HOUR; i++) {
        record[random.nextInt(record.length)]++;
        // The failure with a stack of causes in its text, and the way back.
        sequence++;
        journal.append(List.of(entry(sector, sequence, "ComputeProofFailed", 2_000, record)));
        Timer timer =
            new Timer(
                JournalEntries.START.plus(Duration.ofMinutes(i)), Optional.empty(), "try " + i);
        journal.setTimer(sector, Optional.of(timer));
        sequence++;
        journal.append(List.of(entry(sector, sequence, "Committing", 0, record)));
        walMost = Math.max(walMost, Files.size(directory.resolve("journal.db-wal")));
      }
    }
    long grownPerHour = (Files.size(file) - before) / HOURS;
    assertThat(grownPerHour).as("bytes of database an hour").isLessThan(LIMIT_BYTES_PER_HOUR);
    assertThat(walMost).as("bytes of log").isLessThan(JournalFile.WAL_KEPT_BYTES);
  }

  private static Entry entry(
      SectorId sector, long sequence, String state, int errorBytes, byte[] record) {
    Instant at = JournalEntries.START.plusSeconds(sequence);
    String error = "x".repeat(errorBytes);
    byte[] payload = new byte[errorBytes + 80];
    return new Entry(
        sector,
        sequence,
        at,
        "event;sealing.SectorComputeProofFailed",
        "{\"User\":{}}",
        error,
        payload,
        new Snapshot(sector, sequence, state, record, Optional.empty(), List.of()));
  }
}
