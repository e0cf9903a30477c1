package io.selkie.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file of known length followed by zeros: how a client's file becomes a piece. A file that turns
 * out shorter ends in an error, for its commitment would be that of other data; what it has grown
 * by is left out.
 */
public final class ZeroFilled extends FilterInputStream {

  private final long length;
  private final long total;
  private final String name;
  private long position;

  /**
   * The file's bytes, and zeros up to {@code total}.
   *
   * @throws IOException if it is no plain file, has more bytes, or cannot be opened
   */
  public static ZeroFilled open(Path file, long total) throws IOException {
    long length = fileBytes(file);
    if (length > total) {
      throw new IOException(
          file + " has " + length + " bytes, more than the " + total + " expected");
    }
    return new ZeroFilled(Files.newInputStream(file), length, total, file.toString());
  }

  /**
   * The bytes of a client's file.
   *
   * @throws IOException if there is none, or it is no plain file and has no size
   */
  public static long fileBytes(Path file) throws IOException {
    long bytes = Files.size(file);
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no plain file; a piece is read from one");
    }
    return bytes;
  }

  ZeroFilled(InputStream in, long length, long total, String name) {
    super(in);
    this.length = length;
    this.total = total;
    this.name = name;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (position == total) {
      return -1;
    }
    int n;
    if (position < length) {
      n = in.read(into, offset, (int) Math.min(count, length - position));
      if (n < 0) {
        throw new IOException(
            name + " ends at byte " + position + "; it had " + length + " when this began");
      }
    } else {
      n = (int) Math.min(count, total - position);
      Arrays.fill(into, offset, offset + n, (byte) 0);
    }
    position += n;
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    return readNBytes((int) Math.min(count, 1 << 16)).length;
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
