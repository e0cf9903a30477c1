package io.selkie.node.proofs;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file followed by zeros up to a piece's size: how a client's file becomes a piece. */
public final class ZeroPadded {

  private ZeroPadded() {}

  /**
   * A stream of exactly {@code sizeBytes} bytes.
   *
   * @param sizeBytes at least the file's size when it is opened; a file that shrinks meanwhile ends
   *     the stream early, which the reader reports
   */
  public static InputStream open(Path file, long sizeBytes) throws IOException {
    long fileBytes = fileBytes(file);
    if (fileBytes > sizeBytes) {
      throw new IOException(
          file + " has " + fileBytes + " bytes, more than the " + sizeBytes + " expected");
    }
    return new SequenceInputStream(Files.newInputStream(file), new Zeros(sizeBytes - fileBytes));
  }

  /**
   * The bytes of a client's file.
   *
   * @throws IOException if there is none, or it is no plain file and has no size
   */
  static long fileBytes(Path file) throws IOException {
    long bytes = Files.size(file);
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no plain file; a piece is read from one");
    }
    return bytes;
  }

  /** A number of zero bytes. */
  static final class Zeros extends FilterInputStream {

    private long left;

    Zeros(long count) {
      super(new ByteArrayInputStream(new byte[0]));
      this.left = count;
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
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      java.util.Arrays.fill(into, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}
