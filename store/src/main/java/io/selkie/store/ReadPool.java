package io.selkie.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A few read-only connections, lent to one reader at a time. A platform thread reads by itself; a
 * virtual one hands its query to a platform thread of the pool, for the engine's native calls would
 * hold its carrier.
 */
final class ReadPool {

  /** Queries that run at the same time. */
  static final int READERS = 4;

  /** A query on one connection. */
  interface Query<T> {
    T run(JournalReads reads) throws SQLException;
  }

  private final Dialect dialect;
  private final Dialect.Readers readers;
  private final ExecutorService threads;

  /** Held for reading by every query, for writing by the closing. */
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();

  private boolean closed;

  ReadPool(Dialect dialect) throws SQLException {
    this.dialect = dialect;
    readers = dialect.openReaders(READERS);
    ThreadFactory factory = Thread.ofPlatform().daemon().name("journal-reader-", 0).factory();
    threads = Executors.newFixedThreadPool(READERS, factory);
  }

  <T> T read(Query<T> query) throws IOException {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IOException("journal " + dialect.name() + " is closed");
      }
      if (!Thread.currentThread().isVirtual()) {
        return lend(query);
      }
      return threads.submit(() -> lend(query)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while reading journal " + dialect.name());
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      open.readLock().unlock();
    }
  }

  /** Waits for running queries and closes all connections. A second call is idle. */
  void close() throws IOException {
    open.writeLock().lock();
    try {
      closed = true;
      threads.close();
      try {
        readers.close();
      } catch (SQLException e) {
        throw failed(e);
      }
    } finally {
      open.writeLock().unlock();
    }
  }

  private <T> T lend(Query<T> query) throws SQLException, InterruptedException {
    JournalReads reads = readers.take();
    try {
      return query.run(reads);
    } finally {
      readers.give(reads);
    }
  }

  private IOException failed(Throwable cause) {
    return new IOException("reading journal " + dialect.name() + ": " + cause.getMessage(), cause);
  }
}
