package io.selkie.node.workers;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A body that must keep coming. Whoever sends nothing for a while is hung up on: a machine that was
 * switched off says nothing for ever, and whoever reads holds a sector's locks. One reader.
 */
final class MovingBody extends FilterInputStream {

  /** Nothing for so long is the end: disks and lines pause for seconds. */
  static final Duration STALL = Duration.ofMinutes(2);

  private static final int LOOKS = 4;

  private final Duration stall;
  private final Thread watch;
  private volatile long sinceNs;
  private volatile boolean reading;
  private volatile boolean stalled;

  MovingBody(InputStream body, Duration stall) {
    super(body);
    this.stall = stall;
    this.watch = Thread.ofVirtual().name("body-watch").start(this::look);
  }

  private void look() {
    try {
      while (true) {
        Thread.sleep(stall.dividedBy(LOOKS));
        if (reading && System.nanoTime() - sinceNs > stall.toNanos()) {
          stalled = true;
          in.close();
          return;
        }
      }
    } catch (InterruptedException _) { // it was read
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("hanging up on a body that stands still", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    sinceNs = System.nanoTime();
    reading = true;
    try {
      return in.read(buffer, offset, length);
    } catch (IOException e) {
      throw stalled ? new IOException("nothing came for " + stall.toMillis() + " ms", e) : e;
    } finally {
      reading = false;
    }
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    in.close();
  }
}
