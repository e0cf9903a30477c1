package io.selkie.rpc.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Takes in request bodies, within limits of size, time and memory. */
final class BodyReader {

  private static final int FIRST_BUFFER = 8192;

  private final ServerLimits limits;
  private final HeldBodies held;

  BodyReader(ServerLimits limits, HeldBodies held) {
    this.limits = limits;
    this.held = held;
  }

  /** What is done with a body while its memory is held. */
  @FunctionalInterface
  interface Use {
    void accept(byte[] body) throws IOException, InterruptedException;
  }

  /**
   * Reads the body to its end and uses it.
   *
   * @param announced its Content-Length, or a negative number
   * @param caller whose request it is
   */
  void read(InputStream in, long announced, Caller caller, Use use)
      throws IOException, HeldBodies.Refused, InterruptedException {
    int most = limits.bodyBytes(caller);
    if (announced > most) {
      throw HeldBodies.tooBig(most, caller.isStranger());
    }
    try (HeldBodies.Hold hold = held.hold()) {
      use.accept(take(in, most, caller.isStranger(), hold));
    }
  }

  private byte[] take(InputStream in, int most, boolean stranger, HeldBodies.Hold hold)
      throws IOException, HeldBodies.Refused, InterruptedException {
    long deadline = System.nanoTime() + limits.times().body().toNanos();
    byte[] buffer = new byte[Math.min(FIRST_BUFFER, most + 1)];
    int length = 0;
    while (true) {
      int read = in.read(buffer, length, buffer.length - length);
      if (read < 0) {
        return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
      }
      length += read;
      if (length > most) {
        throw HeldBodies.tooBig(most, stranger);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new HeldBodies.Refused(
            "request body took longer than "
                + ServerLimits.text(limits.times().body())
                + " to arrive");
      }
      if (length == buffer.length) {
        int next = (int) Math.min(2L * length, most + 1L);
        hold.grow(next);
        buffer = Arrays.copyOf(buffer, next);
      }
    }
  }
}
