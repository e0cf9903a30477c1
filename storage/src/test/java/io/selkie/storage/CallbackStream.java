package io.selkie.storage;

import java.io.IOException;
import java.io.InputStream;

/** A source that does something in place of giving bytes. */
final class CallbackStream extends InputStream {

  /** What a read does; the byte to give. */
  @FunctionalInterface
  interface Read {
    int run() throws IOException;
  }

  private final Read read;

  CallbackStream(Read read) {
    this.read = read;
  }

  @Override
  public int read() throws IOException {
    return read.run();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    target[offset] = (byte) read.run();
    return 1;
  }
}
