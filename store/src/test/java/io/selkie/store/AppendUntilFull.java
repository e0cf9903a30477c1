package io.selkie.store;

import static io.selkie.store.JournalEntries.entry;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.Entry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The child of the full-disk test, started with a limit on the size of files: appends and prints
 * {@code ok <sequence>} until an append fails, then prints what later writes and reads come to.
 */
final class AppendUntilFull {

  static final SectorId SECTOR = SectorId.of(1000, 1);

  private static final int PAYLOAD_BYTES = 50_000;

  private AppendUntilFull() {}

  private static Entry large(long sequence) {
    Entry small = entry(SECTOR, sequence, "State" + sequence % 5);
    return new Entry(
        SECTOR,
        sequence,
        small.at(),
        small.kind(),
        small.message(),
        small.trace(),
        new byte[PAYLOAD_BYTES],
        small.after());
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    SqliteJournal journal = SqliteJournal.open(Path.of(arguments[0]));
    long sequence = 1 + journal.load(SECTOR).map(row -> row.sequence()).orElse(0L);
    boolean full = false;
    while (!full) {
      try {
        journal.append(List.of(large(sequence)));
        out.println("ok " + sequence);
        sequence++;
      } catch (IOException e) {
        out.println("full " + e.getMessage());
        full = true;
      }
    }
    for (int i = 0; i < 3; i++) {
      try {
        journal.allocateNumber(SECTOR);
        out.println("written");
      } catch (IOException e) {
        out.println("refused " + e.getMessage());
      }
    }
    out.println("read " + journal.load(SECTOR).map(row -> row.sequence()).orElse(0L));
    out.flush();
    // As a crash, without closing: folding the log in would need room.
    Runtime.getRuntime().halt(0);
  }
}
