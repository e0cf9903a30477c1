package io.selkie.chain;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;

/**
 * The chain's file: SQLite with a write-ahead log, every commit forced to disk.
 *
 * <p>One connection writes and one reads, each under its lock; a reader sees the last commit and
 * never waits for a block. A second process is refused.
 */
final class ChainDatabase implements AutoCloseable {

  static final String FILE = "chain.sqlite";
  private static final String LOCK_FILE = "chain.lock";
  static final int SCHEMA_VERSION = 2;

  /** How long one connection waits for the other: only while the log is folded into the file. */
  private static final int BUSY_TIMEOUT_MS = 30_000;

  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
          """
          CREATE TABLE tipset (height INTEGER PRIMARY KEY, cid BLOB NOT NULL, ticket BLOB NOT NULL,
            beacon BLOB NOT NULL, time_ms INTEGER NOT NULL) STRICT
          """,
          """
          CREATE TABLE account (id INTEGER PRIMARY KEY, nonce INTEGER NOT NULL,
            balance TEXT NOT NULL) STRICT
          """,
          """
          CREATE TABLE miner (id INTEGER PRIMARY KEY, worker INTEGER NOT NULL,
            sector_size INTEGER NOT NULL, period_offset INTEGER NOT NULL, balance TEXT NOT NULL,
            deposits TEXT NOT NULL, pledge TEXT NOT NULL, allocated BLOB NOT NULL) STRICT
          """,
          """
          CREATE TABLE precommit (miner INTEGER NOT NULL, number INTEGER NOT NULL,
            proof INTEGER NOT NULL, sealed BLOB NOT NULL, rand_epoch INTEGER NOT NULL,
            expiration INTEGER NOT NULL, unsealed BLOB, deposit TEXT NOT NULL,
            epoch INTEGER NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (miner, number)) STRICT
          """,
          "CREATE INDEX precommit_due ON precommit (due)",
          """
          CREATE TABLE sector (miner INTEGER NOT NULL, number INTEGER NOT NULL,
            proof INTEGER NOT NULL, sealed BLOB NOT NULL, activation INTEGER NOT NULL,
            expiration INTEGER NOT NULL, deal_weight TEXT NOT NULL, verified_weight TEXT NOT NULL,
            pledge TEXT NOT NULL, deadline INTEGER NOT NULL, partition INTEGER NOT NULL,
            on_time INTEGER NOT NULL, ended INTEGER, PRIMARY KEY (miner, number)) STRICT
          """,
          "CREATE INDEX sector_on_time ON sector (on_time) WHERE ended IS NULL",
          "CREATE INDEX sector_deadline ON sector (miner, deadline)",
          """
          CREATE TABLE deal (id INTEGER PRIMARY KEY, client INTEGER NOT NULL,
            provider INTEGER NOT NULL, comm_p BLOB NOT NULL, size INTEGER NOT NULL,
            verified INTEGER NOT NULL, label TEXT NOT NULL, start INTEGER NOT NULL,
            "end" INTEGER NOT NULL, price TEXT NOT NULL, activated INTEGER, sector INTEGER) STRICT
          """,
          """
          CREATE TABLE message (seq INTEGER PRIMARY KEY AUTOINCREMENT, cid BLOB NOT NULL UNIQUE,
            key TEXT UNIQUE, block BLOB NOT NULL, height INTEGER, exit_code INTEGER,
            returned BLOB, why TEXT) STRICT
          """,
          "CREATE INDEX message_pending ON message (seq) WHERE height IS NULL",
          "CREATE INDEX message_height ON message (height)");

  /** What version 2 adds: faulty sectors, until when they last, and when they are active again. */
  private static final List<String> FAULTS =
      List.of(
          "ALTER TABLE sector ADD COLUMN faulty_since INTEGER",
          "ALTER TABLE sector ADD COLUMN early INTEGER NOT NULL DEFAULT 0",
          "ALTER TABLE sector ADD COLUMN recovering INTEGER NOT NULL DEFAULT 0",
          "CREATE INDEX sector_early ON sector (early) WHERE early > 0",
          "CREATE INDEX sector_recovering ON sector (recovering) WHERE recovering > 0");

  private final FileChannel lockChannel;
  private final FileLock lock;
  private final Connection writer;
  private final Connection reader;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock reading = new ReentrantLock();

  private ChainDatabase(
      FileChannel lockChannel, FileLock lock, Connection writer, Connection reader) {
    this.lockChannel = lockChannel;
    this.lock = lock;
    this.writer = writer;
    this.reader = reader;
  }

  /** Reads or changes the state. */
  interface Work<T> {
    T run(ChainState state) throws SQLException;
  }

  /**
   * Opens the chain in {@code directory}, which is made if need be.
   *
   * @throws IOException if another process has it open, or it is not readable as a chain
   */
  static ChainDatabase open(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException("the chain in " + directory + " is open in another process");
      }
      return open(directory.resolve(FILE), channel, lock);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException("the chain in " + directory + " is open already", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static ChainDatabase open(Path file, FileChannel channel, FileLock lock)
      throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    String url = "jdbc:sqlite:" + file;
    try {
      Connection writer = config.createConnection(url);
      try {
        prepareSchema(file, writer);
        return new ChainDatabase(channel, lock, writer, config.createConnection(url));
      } catch (SQLException | IOException e) {
        writer.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("chain " + file + ": " + e.getMessage(), e);
    }
  }

  private static void prepareSchema(Path file, Connection writer) throws SQLException, IOException {
    Sql sql = new Sql(writer);
    long version = sql.number("PRAGMA user_version");
    if (version > SCHEMA_VERSION) {
      throw new IOException(
          "chain " + file + " is of version " + version + ", this program knows " + SCHEMA_VERSION);
    }
    writer.setAutoCommit(false);
    if (version == 0) {
      for (String statement : SCHEMA) {
        sql.update(statement);
      }
    }
    if (version < SCHEMA_VERSION) {
      for (String statement : FAULTS) {
        sql.update(statement);
      }
      sql.update("PRAGMA user_version = " + SCHEMA_VERSION);
    }
    writer.commit();
  }

  /** Runs {@code work} as one transaction, on disk when this returns; undone if it throws. */
  <T> T write(Work<T> work) throws SQLException {
    writing.lock();
    try {
      T result = work.run(new ChainState(new Sql(writer)));
      writer.commit();
      return result;
    } finally {
      try {
        // After a commit there is nothing to undo; after a failure there is.
        if (!writer.isClosed()) {
          writer.rollback();
        }
      } finally {
        writing.unlock();
      }
    }
  }

  /** Runs {@code work} on one snapshot, the last commit. */
  <T> T read(Work<T> work) throws SQLException {
    reading.lock();
    try {
      reader.setAutoCommit(false);
      T result = work.run(new ChainState(new Sql(reader)));
      reader.commit();
      return result;
    } finally {
      try {
        if (!reader.isClosed()) {
          reader.rollback();
        }
      } finally {
        reading.unlock();
      }
    }
  }

  /**
   * Writes the state of the last commit into a new file, while others go on writing.
   *
   * @param target must not exist
   */
  void copyTo(Path target) throws SQLException {
    reading.lock();
    try {
      reader.setAutoCommit(true);
      new Sql(reader).update("VACUUM INTO ?", target.toString());
    } finally {
      reading.unlock();
    }
  }

  /** Waits for the write and the read under way, and closes the file. */
  @Override
  public void close() throws IOException {
    writing.lock();
    reading.lock();
    try (lockChannel;
        lock;
        writer;
        reader) {
      // Closing is all there is to do.
    } catch (SQLException e) {
      throw new IOException("closing the chain: " + e.getMessage(), e);
    } finally {
      reading.unlock();
      writing.unlock();
    }
  }
}
