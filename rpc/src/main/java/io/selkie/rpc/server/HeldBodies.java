package io.selkie.rpc.server;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The memory of requests that are being taken in or answered: only so many may be large, and so
 * many middling. Thread-safe.
 */
final class HeldBodies {

  private final Semaphore middling;
  private final Semaphore large;
  private final ServerLimits.Requests limits;
  private final Duration patience;

  /** A request is not taken in; the text is what the caller is told. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  HeldBodies(ServerLimits limits) {
    this.limits = limits.requests();
    this.middling = new Semaphore(limits.requests().middlingBodies());
    this.large = new Semaphore(limits.requests().largeBodies());
    this.patience = limits.times().body();
  }

  /** The place of one request, which is given back when it is closed. */
  final class Hold implements AutoCloseable {

    private @Nullable Semaphore held;
    private boolean closed;

    /**
     * The request has grown to this length.
     *
     * @throws Refused if no place becomes free
     */
    void grow(int length) throws Refused, InterruptedException {
      boolean isLarge = length >= ServerLimits.LARGE_BODY;
      Semaphore wanted = isLarge ? large : middling;
      if (length <= ServerLimits.SMALL_BODY || holds(wanted)) {
        return;
      }
      if (!wanted.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Refused(
            "more than "
                + (isLarge ? limits.largeBodies() + " large" : limits.middlingBodies())
                + " requests at once");
      }
      synchronized (this) {
        if (closed) {
          wanted.release();
          return;
        }
        if (held != null) {
          held.release();
        }
        held = wanted;
      }
    }

    private synchronized boolean holds(Semaphore wanted) {
      return wanted.equals(held);
    }

    @Override
    public synchronized void close() {
      closed = true;
      if (held != null) {
        held.release();
        held = null;
      }
    }
  }

  Hold hold() {
    return new Hold();
  }

  /** The refusal of what is over a limit of size. */
  static Refused tooBig(int most, boolean stranger) {
    return new Refused(
        "request bigger than maximum " + most + " allowed" + (stranger ? " without a token" : ""));
  }
}
