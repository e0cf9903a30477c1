package io.selkie.storage;

import io.selkie.pipeline.Progress;
import java.io.IOException;
import java.io.InputStream;

/**
 * A piece's bytes on their way in: insists on the announced length, reports progress, and lets
 * nothing read behind the end.
 */
final class PieceSourceStream extends InputStream {

  /** Bytes between two reports. */
  private static final long REPORT_BYTES = 1 << 20;

  private final InputStream source;
  private final long sizeBytes;
  private final Progress progress;
  private long read;
  private long reported;

  PieceSourceStream(InputStream source, long sizeBytes, Progress progress) {
    this.source = source;
    this.sizeBytes = sizeBytes;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (read == sizeBytes) {
      if (source.read() >= 0) {
        throw new RejectedSourceException(
            "the source goes on behind the " + sizeBytes + " bytes announced");
      }
      return -1;
    }
    int count = source.read(target, offset, (int) Math.min(length, sizeBytes - read));
    if (count < 0) {
      throw new RejectedSourceException(
          "the source ended after " + read + " of the " + sizeBytes + " bytes announced");
    }
    read += count;
    if (read - reported >= REPORT_BYTES || read == sizeBytes) {
      reported = read;
      progress.update("piece", read, sizeBytes);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
