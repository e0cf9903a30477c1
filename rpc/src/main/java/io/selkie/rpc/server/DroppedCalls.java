package io.selkie.rpc.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls over HTTP whose caller has hung up, as the reference does (Go's net/http cancels the
 * request's context when a read of the connection ends). Calls that are done within a moment are
 * not watched: it would cost them more than it is worth, and a client that closes its side right
 * after its request still gets its answer. Thread-safe.
 */
final class DroppedCalls {

  /** How long a call may take before its caller is watched. */
  static final Duration UNWATCHED = Duration.ofMillis(200);

  private final LongSupplier nanos;
  private final Set<Running> all = ConcurrentHashMap.newKeySet();

  /**
   * @param nanos a clock that never goes back, as {@link System#nanoTime} is
   */
  DroppedCalls(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The current thread begins to answer a request whose body was read. */
  Running begin(Request request) {
    Running running = new Running(request);
    all.add(running);
    return running;
  }

  /** Watches the callers of calls that take their time. */
  void look() {
    long now = nanos.getAsLong();
    for (Running each : all) {
      if (now - each.begun >= UNWATCHED.toNanos()) {
        each.watch();
      }
    }
  }

  /** A request that is being answered; tells whether its caller has gone. */
  final class Running implements BooleanSupplier, AutoCloseable {

    private final Request request;
    private final Thread thread = Thread.currentThread();
    private final long begun = nanos.getAsLong();
    private final ReentrantLock lock = new ReentrantLock();
    private PeekingEndPoint.@Nullable Watch watch;
    private boolean over;
    private volatile boolean gone;

    private Running(Request request) {
      this.request = request;
    }

    private void watch() {
      lock.lock();
      try {
        if (!over
            && watch == null
            && request.getConnectionMetaData().getConnection().getEndPoint()
                instanceof PeekingEndPoint end) {
          watch = end.watch(this::gone);
        }
      } finally {
        lock.unlock();
      }
    }

    private void gone() {
      lock.lock();
      try {
        if (!over) {
          gone = true;
          thread.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean getAsBoolean() {
      return gone;
    }

    /** The answer is ready; the connection is left to who writes it. */
    @Override
    public void close() {
      all.remove(this);
      PeekingEndPoint.Watch last;
      lock.lock();
      try {
        over = true;
        last = watch;
      } finally {
        lock.unlock();
      }
      if (last != null) {
        last.close();
        // One that came too late must not hinder the answer.
        Thread.interrupted();
      }
    }
  }
}
