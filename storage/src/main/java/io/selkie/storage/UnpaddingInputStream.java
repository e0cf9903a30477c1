package io.selkie.storage;

import io.selkie.proofs.fr32.Fr32;
import io.selkie.proofs.seal.DamagedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Client bytes read from an unsealed file, the padding taken out on the way. Ends exactly where the
 * range ends. Closing it closes the file and then gives the sector's lock back; closing twice is
 * harmless. Not thread-safe.
 */
final class UnpaddingInputStream extends InputStream {

  /** Groups read at once: 1 MiB of file. */
  private static final int CHUNK_GROUPS = 1 << 13;

  private final PartialFile file;
  private final SectorLocks.Held lock;
  private final byte[] padded;
  private final byte[] data;
  private long nextGroup;
  private final long endGroup;
  private int at;
  private int filled;
  private boolean closed;

  /**
   * @param offsetBytes where the range begins, unpadded, a multiple of 127
   * @param sizeBytes its length, a multiple of 127
   */
  UnpaddingInputStream(PartialFile file, SectorLocks.Held lock, long offsetBytes, long sizeBytes) {
    this.file = file;
    this.lock = lock;
    nextGroup = offsetBytes / Fr32.UNPADDED_GROUP_BYTES;
    endGroup = nextGroup + sizeBytes / Fr32.UNPADDED_GROUP_BYTES;
    int chunk = (int) Math.min(CHUNK_GROUPS, Math.max(1, endGroup - nextGroup));
    padded = new byte[chunk * Fr32.PADDED_GROUP_BYTES];
    data = new byte[chunk * Fr32.UNPADDED_GROUP_BYTES];
  }

  @Override
  public int read() throws IOException {
    return fill() ? data[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, filled - at);
    System.arraycopy(data, at, target, offset, count);
    at += count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long left = Math.max(0, count);
    while (left > 0 && fill()) {
      if (at == 0) {
        // Whole chunks behind this one need not be read.
        long groups = Math.min((left - filled) / Fr32.UNPADDED_GROUP_BYTES, endGroup - nextGroup);
        if (groups > 0) {
          nextGroup += groups;
          left -= groups * Fr32.UNPADDED_GROUP_BYTES;
        }
      }
      int step = (int) Math.min(left, filled - at);
      at += step;
      left -= step;
    }
    return Math.max(0, count) - left;
  }

  @Override
  public int available() {
    return filled - at;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      file.close();
    }
  }

  private boolean fill() throws IOException {
    if (closed) {
      throw new IOException("stream of " + file.file() + " is closed");
    }
    if (at < filled) {
      return true;
    }
    int groups = (int) Math.min(padded.length / Fr32.PADDED_GROUP_BYTES, endGroup - nextGroup);
    if (groups == 0) {
      return false;
    }
    ByteBuffer buffer = ByteBuffer.wrap(padded, 0, groups * Fr32.PADDED_GROUP_BYTES);
    long position = nextGroup * Fr32.PADDED_GROUP_BYTES;
    while (buffer.hasRemaining()) {
      int count = file.channel().read(buffer, position + buffer.position());
      if (count < 0) {
        throw new DamagedFileException(
            file.file(),
            "ends at " + (position + buffer.position()) + " while bytes behind it are valid");
      }
    }
    Fr32.unpad(MemorySegment.ofArray(padded), 0, MemorySegment.ofArray(data), 0, groups);
    nextGroup += groups;
    at = 0;
    filled = groups * Fr32.UNPADDED_GROUP_BYTES;
    return true;
  }
}
