package io.selkie.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

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

  private final JournalFile file;
  private final BlockingQueue<JournalReads> idle = new ArrayBlockingQueue<>(READERS);
  private final ExecutorService threads;

  /** Held for reading by every query, for writing by the closing. */
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();

  private boolean closed;

  ReadPool(JournalFile file) throws SQLException {
    this.file = file;
    for (int i = 0; i < READERS; i++) {
      Connection connection = file.openReader();
      idle.add(new JournalReads(connection));
    }
    ThreadFactory factory = Thread.ofPlatform().daemon().name("journal-reader-", 0).factory();
    threads = Executors.newFixedThreadPool(READERS, factory);
  }

  <T> T read(Query<T> query) throws IOException {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IOException("journal " + file.path() + " is closed");
      }
      if (!Thread.currentThread().isVirtual()) {
        return lend(query);
      }
      return threads.submit(() -> lend(query)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while reading journal " + file.path());
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
      @Nullable SQLException first = null;
      for (JournalReads reads = idle.poll(); reads != null; reads = idle.poll()) {
        try {
          reads.close();
        } catch (SQLException e) {
          if (first == null) {
            first = e;
          } else {
            first.addSuppressed(e);
          }
        }
      }
      if (first != null) {
        throw failed(first);
      }
    } finally {
      open.writeLock().unlock();
    }
  }

  private <T> T lend(Query<T> query) throws SQLException, InterruptedException {
    JournalReads reads = idle.take();
    try {
      return query.run(reads);
    } finally {
      idle.add(reads);
    }
  }

  private IOException failed(Throwable cause) {
    return new IOException("reading journal " + file.path() + ": " + cause.getMessage(), cause);
  }
}
