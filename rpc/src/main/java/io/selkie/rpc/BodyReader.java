package io.selkie.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Takes in request bodies, within limits of size, time and memory. */
final class BodyReader {

  private static final int FIRST_BUFFER = 8192;

  private final ServerLimits limits;
  private final Semaphore large;

  BodyReader(ServerLimits limits) {
    this.limits = limits;
    this.large = new Semaphore(limits.largeBodies());
  }

  /** A body that is not taken in; the text is what the caller is told. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** What is done with a body while its memory is held. */
  @FunctionalInterface
  interface Use {
    void accept(byte[] body) throws IOException, InterruptedException;
  }

  /** The refusal of a body over the limit. */
  Refused tooBig() {
    return new Refused("request bigger than maximum " + limits.bodyBytes() + " allowed");
  }

  /**
   * Reads the body to its end and uses it.
   *
   * @param announced its Content-Length, or a negative number
   */
  void read(InputStream in, long announced, Use use)
      throws IOException, Refused, InterruptedException {
    if (announced > limits.bodyBytes()) {
      throw tooBig();
    }
    boolean[] held = {false};
    try {
      use.accept(take(in, held));
    } finally {
      if (held[0]) {
        large.release();
      }
    }
  }

  private byte[] take(InputStream in, boolean[] held)
      throws IOException, Refused, InterruptedException {
    long deadline = System.nanoTime() + limits.bodyTime().toNanos();
    byte[] buffer = new byte[Math.min(FIRST_BUFFER, limits.bodyBytes() + 1)];
    int length = 0;
    while (true) {
      int read = in.read(buffer, length, buffer.length - length);
      if (read < 0) {
        return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
      }
      length += read;
      if (length > limits.bodyBytes()) {
        throw tooBig();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new Refused(
            "request body took longer than " + text(limits.bodyTime()) + " to arrive");
      }
      if (length == buffer.length) {
        if (length >= ServerLimits.LARGE_BODY && !held[0]) {
          acquire();
          held[0] = true;
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(2L * length, limits.bodyBytes() + 1L));
      }
    }
  }

  private void acquire() throws Refused, InterruptedException {
    if (!large.tryAcquire(limits.bodyTime().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new Refused("more than " + limits.largeBodies() + " large requests at once");
    }
  }

  private static String text(Duration duration) {
    return duration.toSeconds() + " s";
  }
}
