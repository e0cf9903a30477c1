package io.selkie.pipeline;

import java.time.Instant;
import java.time.InstantSource;

/** The time, and alarms. Thread-safe. */
public interface Timekeeper extends InstantSource, AutoCloseable {

  /** An alarm that was set. */
  @FunctionalInterface
  interface Alarm {
    /** Takes it back; if it has gone off, nothing happens. */
    void cancel();
  }

  /**
   * Calls {@code action} once, at {@code at} or, if that has passed, at once. It is called from a
   * thread of the timekeeper's and must return quickly.
   */
  Alarm at(Instant at, Runnable action);

  @Override
  void close();
}
