package io.selkie.store;

import java.io.IOException;
import java.time.Duration;

/**
 * The journal in a PostgreSQL database: every commit forced by the server ({@code
 * synchronous_commit=on}), one process at a time.
 */
public final class PostgresJournal extends SqlJournal {

  /** A writer that shows no sign of life for so long is taken for dead, and its place is taken. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How often a writer with nothing to write shows that it lives. */
  static final Duration BEAT = Duration.ofSeconds(2);

  private PostgresJournal(PostgresDatabase database) throws IOException {
    super(database);
  }

  /**
   * Opens the journal in a database, or begins an empty one there if it has no tables. After a
   * crash of the process that wrote it this takes ten seconds, until that one is surely dead.
   *
   * @param url as of the driver: {@code jdbc:postgresql://host:port/database}
   * @param holder what a second process is told about this one, such as host and process number
   * @throws IOException naming the database and what is wrong, if it cannot be reached, is one of
   *     something else, was written by a newer version, is being written by another process, or is
   *     on a server that does not force; it was not changed then
   */
  public static PostgresJournal open(String url, String user, String password, String holder)
      throws IOException {
    return open(url, user, password, holder, PATIENCE, BEAT);
  }

  static PostgresJournal open(
      String url, String user, String password, String holder, Duration patience, Duration beat)
      throws IOException {
    if (holder.isEmpty()) {
      throw new IllegalArgumentException("the holder of journal " + url + " has no name");
    }
    return new PostgresJournal(
        PostgresDatabase.prepare(url, user, password, holder, patience, beat));
  }
}
