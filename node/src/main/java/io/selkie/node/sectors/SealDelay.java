package io.selkie.node.sectors;

import io.selkie.node.repo.ConfigWriting;
import io.selkie.pipeline.SealingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The sealing configuration in force, and the one key of it that the API changes. Thread-safe. */
public final class SealDelay implements Supplier<SealingConfig> {

  private final Path file;
  private final AtomicReference<SealingConfig> current;
  private final AtomicReference<Duration> expected = new AtomicReference<>(Duration.ZERO);

  public SealDelay(Path file, SealingConfig first) {
    this.file = file;
    this.current = new AtomicReference<>(first);
  }

  /** What applies now (the supplier the pipeline reads at every use). */
  @Override
  public SealingConfig get() {
    return current.get();
  }

  public Duration delay() {
    return current.get().input().waitDealsDelay();
  }

  /** Stores {@code WaitDealsDelay} in the configuration file, then applies it. */
  public synchronized void set(Duration delay) throws IOException {
    if (delay.isNegative()) {
      throw new IOException("Sealing.WaitDealsDelay of " + delay.toNanos() + " ns is negative");
    }
    ConfigWriting.setWaitDealsDelay(file, delay);
    current.updateAndGet(config -> config.withWaitDealsDelay(delay));
  }

  Duration expected() {
    return expected.get();
  }

  void setExpected(Duration duration) {
    expected.set(duration);
  }
}
