package io.selkie.node.receive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The body of an answer, given up when too little of it comes for too long: a client of Java's own
 * would wait for ever. For one reader.
 */
final class WatchedBody extends FilterInputStream {

  private final FetchLimits limits;
  private final AtomicLong bytes = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean tooSlow;

  WatchedBody(InputStream body, FetchLimits limits) {
    super(body);
    this.limits = limits;
    Thread.ofVirtual().name("watch of a body").start(this::watch);
  }

  private void watch() {
    try {
      long before = 0;
      while (!closed.await(limits.window().toMillis(), TimeUnit.MILLISECONDS)) {
        long now = bytes.get();
        if (now - before < limits.windowBytes()) {
          tooSlow = true;
          super.close();
          return;
        }
        before = now;
      }
    } catch (InterruptedException _) {
      // Nobody interrupts it; the reader closes.
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      // The reader finds it closed, or broken, whichever came first.
      tooSlow = true;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    int read;
    try {
      read = super.read(into, offset, count);
    } catch (IOException failed) {
      throw said(failed);
    }
    if (tooSlow) {
      throw said(new IOException("closed"));
    }
    bytes.addAndGet(Math.max(0, read));
    return read;
  }

  private IOException said(IOException failed) {
    if (tooSlow) {
      return new IOException(
          "given up: fewer than "
              + limits.windowBytes()
              + " bytes came in "
              + limits.window().toSeconds()
              + " s",
          failed);
    }
    if (Thread.currentThread().isInterrupted()
        || failed.getCause() instanceof InterruptedException) {
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(failed);
      return interrupted;
    }
    return failed;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
