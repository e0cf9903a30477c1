package io.selkie.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The journal in one SQLite file: write-ahead log, every commit forced ({@code synchronous=FULL}).
 */
public final class SqliteJournal extends SqlJournal {

  private SqliteJournal(JournalFile file) throws IOException {
    super(file);
  }

  /**
   * Opens the journal in {@code file}, or begins an empty one there if the file does not exist. Its
   * directory must exist; file mode is 0600. Files up to 256 MiB are checked page by page.
   *
   * @throws IOException naming the file and what is wrong, if it is not an SQLite database, is one
   *     of something else, is damaged, was written by a newer version, or cannot be opened; it was
   *     not changed then
   */
  public static SqliteJournal open(Path file) throws IOException {
    return new SqliteJournal(JournalFile.prepare(file));
  }
}
