package io.selkie.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's clock, with one thread for the alarms. */
public final class SystemTimekeeper implements Timekeeper {

  private static final Logger LOG = LoggerFactory.getLogger(SystemTimekeeper.class);

  private final Clock clock = Clock.systemUTC();
  private final ScheduledExecutorService alarms =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sector-alarms").daemon().factory());

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public Alarm at(Instant at, Runnable action) {
    long delayMs = Math.max(0, Duration.between(instant(), at).toMillis());
    Future<?> set = alarms.schedule(() -> ring(action), delayMs, TimeUnit.MILLISECONDS);
    return () -> set.cancel(false);
  }

  private static void ring(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("an alarm failed", e);
    }
  }

  @Override
  public void close() {
    alarms.shutdownNow();
  }
}
