package io.selkie.store;

import static io.selkie.store.JournalEntries.entry;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The child of the kill test: four threads append to four sectors without end and print {@code
 * <sector> <sequence>} after each append has returned.
 */
final class AppendUntilKilled {

  static final int SECTORS = 4;

  private AppendUntilKilled() {}

  public static void main(String[] arguments) throws IOException {
    SqliteJournal journal = SqliteJournal.open(Path.of(arguments[0]));
    PrintStream out = System.out;
    for (int number = 0; number < SECTORS; number++) {
      SectorId sector = SectorId.of(1000, number);
      Thread.ofPlatform().start(() -> appendWithoutEnd(journal, sector, out));
    }
  }

  private static void appendWithoutEnd(SqliteJournal journal, SectorId sector, PrintStream out) {
    try {
      for (long sequence = 1 + last(journal, sector); true; sequence++) {
        journal.append(List.of(entry(sector, sequence, "State" + sequence % 5)));
        synchronized (out) {
          out.println(sector.number() + " " + sequence);
          out.flush();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long last(SqliteJournal journal, SectorId sector) throws IOException {
    return journal.load(sector).map(snapshot -> snapshot.sequence()).orElse(0L);
  }
}
