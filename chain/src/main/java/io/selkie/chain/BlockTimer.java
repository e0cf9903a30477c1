package io.selkie.chain;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Says when it is time for a block. */
@FunctionalInterface
public interface BlockTimer {

  /**
   * Runs {@code block} again and again, {@code delay} after it ended the last time, never twice at
   * once, until closed; closing waits for the running one.
   */
  AutoCloseable every(Duration delay, Runnable block);

  /**
   * A timer on a thread of its own. A machine that slept makes one block when it wakes, not those
   * it missed.
   */
  static BlockTimer ofSystem() {
    return (delay, block) -> {
      ScheduledExecutorService executor =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("devnet-blocks").factory());
      var _ =
          executor.scheduleWithFixedDelay(
              block, delay.toNanos(), delay.toNanos(), TimeUnit.NANOSECONDS);
      return executor;
    };
  }
}
