package io.selkie.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongFunction;

/** One line on a terminal that says how far something is; gone when it is done. Thread-safe. */
final class Progress implements AutoCloseable {

  private static final int COLUMNS = 40;

  /** Redrawing more often than this only flickers. */
  private static final Duration REDRAW = Duration.ofMillis(200);

  private final PrintWriter err;
  private final boolean on;
  private final Clock clock;
  private final String what;
  private final long total;
  private final LongFunction<String> units;
  private Instant drawn = Instant.MIN;
  private boolean dirty;

  Progress(
      PrintWriter err,
      boolean on,
      Clock clock,
      String what,
      long total,
      LongFunction<String> units) {
    this.err = err;
    this.on = on;
    this.clock = clock;
    this.what = what;
    this.total = total;
    this.units = units;
  }

  /** Whether anybody sees it. */
  boolean isShown() {
    return on;
  }

  synchronized void at(long done) {
    Instant now = clock.instant();
    if (now.isBefore(drawn.equals(Instant.MIN) ? now : drawn.plus(REDRAW))) {
      return;
    }
    drawn = now;
    int full = total == 0 ? COLUMNS : (int) Math.clamp((double) done / total * COLUMNS, 0, COLUMNS);
    show(
        what
            + " ["
            + "#".repeat(full)
            + " ".repeat(COLUMNS - full)
            + "] "
            + (total == 0 ? 100 : Math.round(100.0 * done / total))
            + "% "
            + units.apply(done)
            + "/"
            + units.apply(total));
  }

  /** Draws this line in the place of the one before. */
  synchronized void show(String line) {
    if (on) {
      dirty = true;
      err.print("\r" + line + "\u001b[K");
      err.flush();
    }
  }

  @Override
  public synchronized void close() {
    if (dirty) {
      dirty = false;
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
