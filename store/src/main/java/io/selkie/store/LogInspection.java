package io.selkie.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Looks through a SQLite write-ahead log before the engine does. The engine takes it up to the
 * first frame that does not fit its sum and forgets the rest without a word. That is right for the
 * last transaction, which was torn before anybody was told of it, and wrong for one that others
 * follow: each was forced before the next was begun, so its frames were whole once.
 *
 * <p>Layout, big-endian (sqlite.org/fileformat2.html, section 4): a header of 32 bytes (magic,
 * version, page size, checkpoint, two salts, two sums), then frames: 24 bytes (page, size of the
 * database if the frame commits, two salts, two sums) and a page. Sums run on from frame to frame;
 * frames with other salts are left from before the log began anew.
 */
final class LogInspection {

  private static final int HEADER_BYTES = 32;

  private static final int FRAME_HEADER_BYTES = 24;

  /** The sums are over little-endian words; with the last bit set, over big-endian ones. */
  private static final int MAGIC = 0x377f0682;

  private static final int PAGE_BYTES_MAX = 1 << 16;

  private final Path log;
  private final ByteBuffer header;
  private ByteOrder words = ByteOrder.LITTLE_ENDIAN;
  private int sum1;
  private int sum2;

  private LogInspection(Path log) {
    this.log = log;
    this.header = ByteBuffer.allocate(HEADER_BYTES);
  }

  /**
   * Does nothing if there is no log.
   *
   * @throws IOException naming the log and the place, if commits that were acknowledged stand
   *     behind a frame that is damaged
   */
  static void refuseLostCommits(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > HEADER_BYTES) {
      new LogInspection(log).inspect();
    }
  }

  private void inspect() throws IOException {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      fill(channel, header, 0);
      int pageBytes = header.getInt(8);
      words = (header.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      add(header, 0, 24);
      // It is forced before the first frame is written.
      if ((header.getInt(0) & ~1) != MAGIC
          || Integer.bitCount(pageBytes) != 1
          || pageBytes > PAGE_BYTES_MAX
          || sum1 != header.getInt(24)
          || sum2 != header.getInt(28)) {
        throw new IOException("the header of log " + log + " is damaged; restore a backup");
      }
      frames(channel, FRAME_HEADER_BYTES + pageBytes);
    }
  }

  private void frames(FileChannel channel, int frameBytes) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(frameBytes);
    long damagedAt = -1;
    boolean ended = false;
    long size = channel.size();
    for (long at = HEADER_BYTES; at + frameBytes <= size; at += frameBytes) {
      fill(channel, frame, at);
      boolean ours = frame.getLong(8) == header.getLong(16);
      if (damagedAt < 0 && !(ours && fits(frame))) {
        damagedAt = at;
      } else if (ended && ours) {
        throw new IOException(
            "log "
                + log
                + " is damaged at byte "
                + damagedAt
                + ", and commits that were acknowledged stand behind; restore a backup, or cut the"
                + " log there to go on without them");
      }
      // Up to here the frames may be the last transaction's, which nobody was told of.
      ended |= damagedAt >= 0 && ours && frame.getInt(4) != 0;
    }
  }

  private boolean fits(ByteBuffer frame) {
    add(frame, 0, 8);
    add(frame, FRAME_HEADER_BYTES, frame.capacity());
    return sum1 == frame.getInt(16) && sum2 == frame.getInt(20);
  }

  private void add(ByteBuffer bytes, int from, int to) {
    ByteBuffer in = bytes.duplicate().order(words);
    for (int i = from; i < to; i += 8) {
      sum1 += in.getInt(i) + sum2;
      sum2 += in.getInt(i + 4) + sum1;
    }
  }

  private static void fill(FileChannel channel, ByteBuffer into, long at) throws IOException {
    into.clear();
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        throw new IOException("a log became shorter while it was read");
      }
    }
  }
}
