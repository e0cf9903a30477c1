package io.selkie.node.proving;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work that callers wait for: so much at once whoever asks, and none of it for longer than its
 * time. What hangs on a disk holds its place until the disk lets go of it. Thread-safe.
 */
public final class TimedWork {

  private final Semaphore places;
  private final Duration longest;

  /**
   * @param atOnce how many run at once
   * @param longest how long each may take
   */
  public TimedWork(int atOnce, Duration longest) {
    this.places = new Semaphore(atOnce);
    this.longest = longest;
  }

  /** It was not done in time. */
  public static final class Late extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean begun;

    Late(boolean begun) {
      super(begun ? "it takes too long" : "others are in the way for too long");
      this.begun = begun;
    }

    /** Whether it had a place. */
    boolean begun() {
      return begun;
    }
  }

  /**
   * Runs it and waits for its end.
   *
   * @param patience how long to wait for a place
   * @throws Late if there was no place, or it took too long and was interrupted
   * @throws ExecutionException what it threw
   * @throws InterruptedException if the caller was interrupted; so was the work
   */
  public <T> T run(String name, Duration patience, Callable<T> work)
      throws Late, ExecutionException, InterruptedException {
    if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new Late(false);
    }
    FutureTask<T> task = new FutureTask<>(work);
    // Not a virtual thread: hashing yields to nobody, and requests are served by virtual ones.
    Thread.ofPlatform().daemon().name(name).start(() -> inItsPlace(task));
    try {
      return task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      task.cancel(true);
      throw new Late(true);
    } catch (InterruptedException cancelled) {
      task.cancel(true);
      throw cancelled;
    }
  }

  private void inItsPlace(Runnable task) {
    try {
      task.run();
    } finally {
      places.release();
    }
  }
}
