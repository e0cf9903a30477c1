package io.selkie.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** What truly differs between the engines; the statements and the tables are the same. */
interface Dialect {

  /** Keeps two processes from writing one database. */
  interface Fence {

    /** For an engine whose database only this machine's processes can reach. */
    Fence NONE =
        new Fence() {
          @Override
          public void hold() {}

          @Override
          public long beatMs() {
            return Long.MAX_VALUE;
          }

          @Override
          public void release() {}
        };

    /**
     * The first statement of every transaction that writes.
     *
     * @throws SQLException if another process writes now
     */
    void hold() throws SQLException;

    /** How long a writer may go without a transaction before others take it for dead. */
    long beatMs();

    /** Lets the next process in at once. */
    void release() throws SQLException;
  }

  /** The connections that read, lent to one thread at a time. */
  interface Readers {

    JournalReads take() throws SQLException, InterruptedException;

    void give(JournalReads reads) throws SQLException;

    /** Closes those that are not lent. */
    void close() throws SQLException;
  }

  /** The journal's place as messages name it. */
  String name();

  /** A connection whose commits are on disk when they return. */
  Connection openWriter() throws SQLException;

  /**
   * Makes sure that nobody else writes, through the writer's connection.
   *
   * @throws SQLException naming the one who does
   */
  Fence fence(Connection writer) throws SQLException;

  /** At most {@code count} connections that cannot write. */
  Readers openReaders(int count) throws SQLException;

  /** Begins a transaction that will write. */
  String beginWrite();

  /** Begins a transaction whose reads are all as of one commit. */
  String beginRead();

  /**
   * Copies the journal as of one commit into a file in the form of a SQLite journal, while it goes
   * on being written.
   *
   * @param empty exists and has no bytes
   */
  void copyTo(Path empty) throws SQLException, IOException;

  /** Whether the engine undid the transaction whole and asks for it once more. */
  boolean wantsRetry(SQLException refused);
}
