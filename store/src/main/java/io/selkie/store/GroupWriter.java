package io.selkie.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. What callers hand in while a commit is being forced goes into the
 * next commit together, so that a slow disk makes larger groups and not a longer queue.
 *
 * <p>The first failed write or commit ends it: what the engine and the disk hold is then unknown,
 * and a repeated force may report success for pages that were lost.
 */
final class GroupWriter {

  /** Writes that may wait; a caller beyond it waits to be let in. */
  static final int QUEUE_LIMIT = 1_024;

  /** Writes in one transaction at most. */
  static final int GROUP_LIMIT = 256;

  /** How often a group is tried that the engine undoes because of others. */
  static final int TRIES_LIMIT = 8;

  private static final long FIRST_PAUSE_MS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

  /** One caller's work within the transaction. */
  interface Work<T> {

    /**
     * Does it, within the transaction that was begun.
     *
     * @throws OutOfSequence before anything was changed; the group goes on without it
     */
    T run(JournalWrites writes) throws SQLException, OutOfSequence;
  }

  private final Dialect dialect;
  private final Connection connection;
  private final Dialect.Fence fence;
  private final JournalWrites writes;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition taken = lock.newCondition();
  private final ArrayDeque<Pending<?>> queue = new ArrayDeque<>();
  private boolean closed;
  private @Nullable Throwable failure;
  private long commits;

  /** Takes the journal for this process alone. */
  GroupWriter(Dialect dialect, Connection connection) throws SQLException {
    this.dialect = dialect;
    this.connection = connection;
    this.fence = dialect.fence(connection);
    this.writes = new JournalWrites(connection);
    fillQueryTables();
    // A platform thread: the engine's native calls would pin a virtual thread's carrier.
    this.thread = Thread.ofPlatform().name("journal-writer").unstarted(this::run);
  }

  private void fillQueryTables() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(dialect.beginWrite());
      try {
        writes.fillQueryTables();
        statement.execute("COMMIT");
      } catch (SQLException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  void start() {
    thread.start();
  }

  /** Transactions committed since the opening. */
  long commits() {
    lock.lock();
    try {
      return commits;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs {@code work} in the next transaction and returns once that is on disk.
   *
   * @throws InterruptedIOException if interrupted before the work was queued; nothing was applied
   * @throws IOException if it could not be written or an earlier write failed
   */
  <T> T write(Work<T> work) throws IOException, OutOfSequence {
    Pending<T> pending = new Pending<>(work);
    put(pending);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return pending.done.get();
        } catch (InterruptedException _) {
          // Once queued it will be written or not; only the answer tells which.
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof OutOfSequence refused) {
            throw refused;
          }
          throw broken(e.getCause() == null ? e : e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets in no more, waits until all that is queued is on disk, and closes the connection. */
  void close() throws InterruptedIOException {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException(
              "interrupted while journal " + dialect.name() + " was being closed");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private void put(Pending<?> pending) throws IOException {
    lock.lock();
    try {
      while (!closed && failure == null && queue.size() >= QUEUE_LIMIT) {
        taken.await();
      }
      if (failure != null) {
        throw broken(failure);
      }
      if (closed) {
        throw new IOException("journal " + dialect.name() + " is closed");
      }
      queue.add(pending);
      arrived.signal();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException(
              "interrupted while waiting to write to journal " + dialect.name());
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try (connection) {
      while (mayContinue()) {
        List<Pending<?>> group = take();
        // An empty transaction only says that this process lives.
        if (!group.isEmpty() || fence.beatMs() < Long.MAX_VALUE) {
          commit(group);
        }
      }
      releaseFence();
    } catch (SQLException e) {
      LOG.error("closing journal {} failed", dialect.name(), e);
    }
  }

  private void releaseFence() throws SQLException {
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
    } finally {
      lock.unlock();
    }
    fence.release();
  }

  private boolean mayContinue() {
    lock.lock();
    try {
      return failure == null && !(closed && queue.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  /** The next group; empty when it is time for a sign of life, or the journal is being closed. */
  private List<Pending<?>> take() {
    lock.lock();
    try {
      if (queue.isEmpty() && !closed) {
        awaitArrival();
      }
      List<Pending<?>> group = new ArrayList<>();
      while (!queue.isEmpty() && group.size() < GROUP_LIMIT) {
        group.add(queue.remove());
      }
      taken.signalAll();
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void awaitArrival() {
    long leftNanos = TimeUnit.MILLISECONDS.toNanos(fence.beatMs());
    try {
      while (queue.isEmpty() && !closed && leftNanos > 0) {
        leftNanos = arrived.awaitNanos(leftNanos);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, it looks for work once more.
      LOG.warn("the writer of journal {} was interrupted", dialect.name(), e);
    }
  }

  /** Anything thrown between BEGIN and COMMIT, errors of the machine included, ends the journal. */
  @SuppressWarnings("CatchingUnchecked") // a bug half-way through a group must not be committed
  private void commit(List<Pending<?>> group) {
    try (Statement statement = connection.createStatement()) {
      int tries = 1;
      while (!attempt(statement, group, tries)) {
        tries++;
      }
    } catch (SQLException | RuntimeException | Error e) {
      fail(e, group);
      return;
    }
    lock.lock();
    try {
      commits++;
    } finally {
      lock.unlock();
    }
    group.forEach(Pending::finish);
  }

  /** Whether it is committed; if not, the engine has undone it whole and it may be tried again. */
  private boolean attempt(Statement statement, List<Pending<?>> group, int tries)
      throws SQLException {
    try {
      statement.execute(dialect.beginWrite());
      fence.hold();
      for (Pending<?> pending : group) {
        pending.run(writes);
      }
      statement.execute("COMMIT");
      return true;
    } catch (SQLException e) {
      if (tries >= TRIES_LIMIT || !dialect.wantsRetry(e)) {
        throw e;
      }
      LOG.info("journal {}: try {} of a commit: {}", dialect.name(), tries, e.getMessage());
      statement.execute("ROLLBACK");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MS << tries));
      return false;
    }
  }

  private void fail(Throwable cause, List<Pending<?>> group) {
    LOG.error("journal {} failed and takes no more writes", dialect.name(), cause);
    List<Pending<?>> lost = new ArrayList<>(group);
    lock.lock();
    try {
      failure = cause;
      lost.addAll(queue);
      queue.clear();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    lost.forEach(pending -> pending.done.completeExceptionally(cause));
  }

  private IOException broken(Throwable cause) {
    return new IOException(
        "journal "
            + dialect.name()
            + " takes no more writes since one failed: "
            + cause.getMessage(),
        cause);
  }

  private static final class Pending<T> {

    private final Work<T> work;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable OutOfSequence refused;

    Pending(Work<T> work) {
      this.work = work;
    }

    void run(JournalWrites writes) throws SQLException {
      refused = null;
      try {
        result = work.run(writes);
      } catch (OutOfSequence e) {
        refused = e;
      }
    }

    void finish() {
      if (refused != null) {
        done.completeExceptionally(refused);
      } else {
        done.complete(result);
      }
    }
  }
}
