package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.json.WireType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls at work: all of them can be interrupted at once, and those that are not meant to wait
 * are when they take too long. Thread-safe.
 */
final class RunningCalls {

  private final Duration limit;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Thread, Call> calls = new HashMap<>();

  /** A call; the flag is guarded by the lock. */
  private static final class Call {
    final boolean mayWait;
    final long begun;
    boolean overdue;

    Call(boolean mayWait, long begun) {
      this.mayWait = mayWait;
      this.begun = begun;
    }
  }

  /** What a call does. */
  @FunctionalInterface
  interface Work {
    @Nullable Object run() throws RpcFault;
  }

  /**
   * @param limit how long a call may take that is not meant to wait
   * @param nanos a clock that never goes back, as {@link System#nanoTime} is
   */
  RunningCalls(Duration limit, LongSupplier nanos) {
    this.limit = limit;
    this.nanos = nanos;
  }

  /** Whether a method waits for its caller's data, for other work or for the chain. */
  static boolean mayWait(ApiTable.Entry entry) {
    RpcMethod method = entry.method().getAnnotation(RpcMethod.class);
    return (method != null && method.waits())
        || entry.params().stream().anyMatch(each -> each.type() instanceof WireType.Reader);
  }

  @Nullable Object call(ApiTable.Entry entry, Work work) throws RpcFault {
    Call call = new Call(mayWait(entry), nanos.getAsLong());
    lock.lock();
    try {
      calls.put(Thread.currentThread(), call);
    } finally {
      lock.unlock();
    }
    try {
      return work.run();
    } catch (RpcFault e) {
      if (isOverdue(call)) {
        throw new RpcFault(
            "method '"
                + entry.wireName()
                + "' was stopped: it took longer than maximum "
                + ServerLimits.text(limit)
                + " allowed (API.CallTimeout)");
      }
      throw e;
    } finally {
      lock.lock();
      try {
        calls.remove(Thread.currentThread());
        // A cancel that came too late must not hinder the answer.
        Thread.interrupted();
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean isOverdue(Call call) {
    lock.lock();
    try {
      return call.overdue;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts what has run too long. */
  void stopOverdue() {
    long now = nanos.getAsLong();
    lock.lock();
    try {
      calls.forEach((thread, call) -> {
        if (!call.mayWait && !call.overdue && now - call.begun > limit.toNanos()) {
          call.overdue = true;
          thread.interrupt();
        }
      });
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts everything. */
  void cancelAll() {
    lock.lock();
    try {
      calls.keySet().forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }
}
