package io.selkie.proofs.seal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link ChunkTask}: the caller's thread and its companions take range after range.
 */
final class ChunkRun {
  private final SealContext context;
  private final String phase;
  private final long count;
  private final long chunk;
  private final ChunkTask task;
  private final AtomicLong next = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Object progressLock = new Object();
  private long done;

  ChunkRun(SealContext context, String phase, long count, long chunk, ChunkTask task) {
    if (count < 0 || chunk < 1) {
      throw new IllegalArgumentException("count " + count + ", chunk " + chunk);
    }
    this.context = context;
    this.phase = phase;
    this.count = count;
    this.chunk = chunk;
    this.task = task;
  }

  void run() throws IOException {
    long ranges = (count + chunk - 1) / chunk;
    int companions = (int) Math.min(context.threads(), ranges) - 1;
    Thread[] threads = new Thread[Math.max(companions, 0)];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofPlatform().name(phase + "-" + i).daemon().start(this::work);
    }
    work();
    join(threads);
    Throwable failed = failure.get();
    switch (failed) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failed);
    }
  }

  private void work() {
    try {
      long from = next.getAndAdd(chunk);
      while (from < count && failure.get() == null) {
        if (Thread.interrupted()) {
          throw new InterruptedIOException(phase + " interrupted at " + from + " of " + count);
        }
        long to = Math.min(from + chunk, count);
        task.run(from, to);
        synchronized (progressLock) {
          done += to - from;
          context.progress().update(phase, done, count);
        }
        from = next.getAndAdd(chunk);
      }
    } catch (Throwable e) { // carried to the calling thread, which throws it on
      failure.compareAndSet(null, e);
    }
  }

  /** Waits for every companion, whatever happens: they use memory the caller is about to free. */
  private void join(Thread[] threads) {
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          failure.compareAndSet(null, new InterruptedIOException(phase + " interrupted"));
        }
      }
    }
  }
}
