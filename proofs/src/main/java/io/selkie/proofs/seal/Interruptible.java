package io.selkie.proofs.seal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/**
 * Lets an interruption end a phase in one way. A channel answers it by closing itself under all
 * threads that use it, so the first to notice may be another thread than the interrupted one.
 */
public final class Interruptible {
  private Interruptible() {}

  /** A phase. */
  @FunctionalInterface
  public interface Step<T> {
    T run() throws IOException;
  }

  /**
   * Runs a phase.
   *
   * @throws InterruptedIOException if the thread was interrupted; its interrupted status is cleared
   */
  public static <T> T run(String phase, Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (ClosedChannelException e) {
      boolean interrupted = Thread.interrupted();
      if (interrupted || e instanceof ClosedByInterruptException) {
        InterruptedIOException ended = new InterruptedIOException(phase + " interrupted");
        ended.initCause(e);
        throw ended;
      }
      throw e;
    }
  }
}
