package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.EndPoint;

/**
 * The memory of answers that their clients have not taken yet. Who asks for much and reads nothing
 * gets so much of it and not more, for a limited time. Thread-safe.
 */
final class UnreadAnswers {

  /** Bytes are counted in units of this many. */
  private static final int UNIT = 1024;

  private final int maximum;
  private final int units;
  private final Semaphore free;
  private final Duration longest;
  private final LongSupplier nanos;
  private final Map<Held, Long> overHttp = new ConcurrentHashMap<>();

  /**
   * @param nanos a clock that never goes back, as {@link System#nanoTime} is
   */
  UnreadAnswers(ServerLimits limits, LongSupplier nanos) {
    this.maximum = limits.answers().unreadBytes();
    this.units = Math.max(1, maximum / UNIT);
    this.free = new Semaphore(units);
    this.longest = limits.times().body();
    this.nanos = nanos;
  }

  /** An answer that is under way. */
  final class Held implements AutoCloseable {

    private final Optional<EndPoint> to;
    private int held;

    private Held(int held, Optional<EndPoint> to) {
      this.held = held;
      this.to = to;
    }

    @Override
    public synchronized void close() {
      overHttp.remove(this);
      free.release(held);
      held = 0;
    }
  }

  /**
   * Keeps an answer of so many bytes.
   *
   * @param patience how long to wait for room
   * @return empty if there is no room
   */
  Optional<Held> hold(int bytes, Duration patience) throws InterruptedException {
    int wanted = unitsOf(bytes);
    boolean there =
        wanted == 0
            || free.tryAcquire(wanted)
            || (patience.isPositive()
                && free.tryAcquire(wanted, patience.toMillis(), TimeUnit.MILLISECONDS));
    return there ? Optional.of(new Held(wanted, Optional.empty())) : Optional.empty();
  }

  /** Keeps an answer for the other end of a connection, which has a limited time to take it. */
  Optional<Held> holdFor(EndPoint to, int bytes) {
    int wanted = unitsOf(bytes);
    if (!free.tryAcquire(wanted)) {
      return Optional.empty();
    }
    Held held = new Held(wanted, Optional.of(to));
    if (wanted > 0) {
      overHttp.put(held, nanos.getAsLong());
    }
    return Optional.of(held);
  }

  /** The largest answer there can be fits when nothing else is kept. */
  private int unitsOf(int bytes) {
    return bytes <= ServerLimits.SMALL_ANSWER ? 0 : Math.min(units, bytes / UNIT);
  }

  /** Why an answer is not given. */
  RpcFault fault(int bytes) {
    return new RpcFault(
        "answer of "
            + bytes
            + " bytes is given up: more than maximum "
            + maximum
            + " bytes of answers wait for slow clients");
  }

  /** Ends the connections whose clients take too long for an answer. */
  void closeOverdue() {
    long now = nanos.getAsLong();
    overHttp.forEach((held, since) -> {
      if (now - since > longest.toNanos()) {
        held.to.ifPresent(EndPoint::close);
      }
    });
  }
}
