package io.selkie.rpc.client;

import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * A stream of zero bytes of known length. As an argument of a call it travels as its length alone.
 */
public final class ZeroStream extends InputStream {

  private final long length;
  private long left;

  /**
   * @param length bytes, 0 or more
   */
  public ZeroStream(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("stream of " + length + " zero bytes");
    }
    this.length = length;
    this.left = length;
  }

  /** All bytes, those already read included. */
  public long length() {
    return length;
  }

  @Override
  public int read() {
    if (left == 0) {
      return -1;
    }
    left--;
    return 0;
  }

  @Override
  public int read(byte[] into, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int now = (int) Math.min(count, left);
    Arrays.fill(into, offset, offset + now, (byte) 0);
    left -= now;
    return now;
  }
}
