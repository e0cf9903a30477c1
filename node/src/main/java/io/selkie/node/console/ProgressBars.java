package io.selkie.node.console;

import io.selkie.proofs.seal.SealProgress;
import java.io.Console;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A bar for the phase at work, on standard error; where that is no terminal, one line for each
 * finished phase. Thread-safe.
 */
public final class ProgressBars implements SealProgress, AutoCloseable {

  /** Redrawing more often than this only flickers. */
  private static final int REDRAW_MS = 200;

  private static final int WIDTH = 90;

  private final boolean terminal;
  private final Set<String> finished = new HashSet<>();
  private @Nullable ProgressBar bar;
  private String current = "";

  public ProgressBars() {
    this.terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  @Override
  public synchronized void update(String phase, long done, long total) {
    if (terminal) {
      draw(phase, done, total);
    } else if (done >= total && finished.add(phase)) {
      System.err.println("            " + phase + " done");
    }
  }

  private void draw(String phase, long done, long total) {
    if (!phase.equals(current)) {
      close();
      current = phase;
      bar =
          new ProgressBarBuilder()
              .setTaskName(String.format("            %-14s", phase))
              .setInitialMax(total)
              .setUpdateIntervalMillis(REDRAW_MS)
              .setStyle(ProgressBarStyle.ASCII)
              .setMaxRenderedLength(WIDTH)
              .build();
    }
    ProgressBar open = bar;
    if (open != null) {
      open.maxHint(total);
      open.stepTo(done);
      if (done >= total) {
        close();
      }
    }
  }

  /** Ends the bar that is drawn; the next phase begins a new one. */
  @Override
  public synchronized void close() {
    ProgressBar open = bar;
    bar = null;
    current = "";
    finished.clear();
    if (open != null) {
      open.close();
    }
  }
}
