package io.selkie.pipeline;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the pipeline's work runs. {@link #ofThisMachine} gives every handler a light thread and
 * long work a heavy one; a simulation runs all of it on one thread, in an order drawn from a seed.
 *
 * <p>Nothing in the pipeline starts a thread, or asks whether it was interrupted, but through this.
 */
public interface WorkThreads {

  /** Something that was started. */
  interface Run {
    /** Asks it to end soon. */
    void interrupt();

    /**
     * Waits for its end.
     *
     * @return whether it has ended
     */
    boolean join(Duration atMost) throws InterruptedException;
  }

  /**
   * Runs {@code body} once, soon, and never before this returns to a caller that waits for it under
   * a lock of its own.
   *
   * @param before if given, {@code body} starts only when that has ended, interrupted or not
   */
  Run start(String name, @Nullable Run before, Runnable body);

  /** Whether the run that asks was interrupted; forgets it. */
  boolean interrupted();

  /**
   * Does long work apart from the light runs and waits for it. When the caller is interrupted the
   * work is interrupted too, and this returns only once it has ended.
   *
   * @throws ExecutionException with what the work threw
   */
  <T> T call(String name, Callable<T> work) throws InterruptedException, ExecutionException;

  /** Virtual threads, and platform threads for long work. */
  static WorkThreads ofThisMachine() {
    return new MachineThreads();
  }
}
