package io.selkie.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Data on its way, with a bar that follows. Closing it ends the bar. */
final class ProgressStream extends FilterInputStream {

  private final Progress progress;
  private long done;

  private ProgressStream(InputStream in, Progress progress) {
    super(in);
    this.progress = progress;
  }

  static InputStream over(InputStream in, Progress progress) {
    return new ProgressStream(in, progress);
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    advance(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    int n = in.read(into, offset, count);
    advance(Math.max(0, n));
    return n;
  }

  private void advance(int bytes) {
    done += bytes;
    progress.at(done);
  }

  @Override
  public void close() throws IOException {
    progress.close();
    super.close();
  }
}
