package io.selkie.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the plain files of a tar archive, one after the other, and nothing else: a link, a
 * directory or a device ends the reading.
 *
 * <p>Layout (POSIX.1-2001, ustar): headers of 512 bytes with the name at 0 (100 bytes), the size at
 * 124 (12, octal, or base 256 with its first bit set), the checksum at 148 (8, octal), the type at
 * 156, the prefix of the name at 345 (155); contents padded to 512; two zero blocks at the end. An
 * extended header of type {@code x} may give the next file's size, as Go writes it above 8 GiB. The
 * end may be filled up with zeros to a record of 20 blocks, as GNU tar does it, and nothing else
 * may come behind it.
 */
final class TarEntries {

  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_BYTES = 12;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE_AT = 156;
  private static final int PREFIX_AT = 345;

  /** First byte of a size in base 256; with more of its bits it would be over 2^88, or negative. */
  private static final int BASE_256 = 0x80;

  /** What GNU tar fills up to. */
  private static final int RECORD = 20 * BLOCK;

  /** Times and a size are a hundred bytes. */
  private static final long MAX_EXTENDED_BYTES = 65_536;

  /**
   * A file in the archive; its contents are next.
   *
   * @param name as it stands there
   * @param bytes its length
   */
  record Entry(String name, long bytes) {}

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private long left;
  private long padding;
  private boolean closed;

  TarEntries(InputStream in) {
    this.in = in;
  }

  /**
   * The next file; empty at the end of the archive.
   *
   * @throws EOFException if the archive breaks off within a file or a header
   * @throws RejectedSourceException if it is none, or holds what is no plain file
   */
  Optional<Entry> next() throws IOException {
    if (left > 0) {
      throw new IllegalStateException("the contents of the file before were not read");
    }
    if (closed || !skipPadding() || !readBlock()) {
      return Optional.empty();
    }
    OptionalLong size = OptionalLong.empty();
    if (block[TYPE_AT] == 'x') {
      checkSum();
      size = extendedSize(size());
      if (!skipPadding() || !readBlock()) {
        throw new EOFException("the archive breaks off behind an extended header");
      }
    } else if (isZero()) {
      readEnd();
      return Optional.empty();
    }
    checkSum();
    if (block[TYPE_AT] != '0' && block[TYPE_AT] != 0) {
      throw new RejectedSourceException(
          "the archive holds '%s' of type '%c', which is no plain file"
              .formatted(name(), block[TYPE_AT] & 0xff));
    }
    long bytes = size();
    left = size.orElse(bytes);
    padding = (BLOCK - left % BLOCK) % BLOCK;
    return Optional.of(new Entry(name(), left));
  }

  /** Whether the archive ended as one does, and not just behind the contents of a file. */
  boolean closed() {
    return closed;
  }

  /** Reads on in the contents of the file; -1 at their end. */
  int read(byte[] into) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(into, 0, (int) Math.min(into.length, left));
    if (count < 0) {
      throw new EOFException("the archive breaks off " + left + " bytes before the end of a file");
    }
    left -= count;
    return count;
  }

  /** Returns false if nothing comes any more. */
  private boolean skipPadding() throws IOException {
    int count = (int) padding;
    padding = 0;
    return count == 0 || read(count, "behind a file");
  }

  /** Returns false if nothing comes any more. */
  private boolean readBlock() throws IOException {
    return read(BLOCK, "in a header");
  }

  private boolean read(int count, String where) throws IOException {
    int read = in.readNBytes(block, 0, count);
    if (read > 0 && read < count) {
      throw new EOFException("the archive breaks off " + where);
    }
    return read > 0;
  }

  /** Behind the first of the two empty blocks. */
  private void readEnd() throws IOException {
    if (!readBlock()) {
      throw new EOFException("the archive breaks off in its end");
    }
    int behind = 0;
    do {
      if (!isZero()) {
        throw new RejectedSourceException("something comes behind the end of the archive");
      }
      Arrays.fill(block, (byte) 0);
      int count = in.readNBytes(block, 0, BLOCK);
      if (count == 0) {
        closed = true;
        return;
      }
      behind += count;
    } while (behind <= RECORD);
    throw new RejectedSourceException(
        "more than " + RECORD + " bytes come behind the end of the archive");
  }

  private boolean isZero() {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private void checkSum() throws RejectedSourceException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
      sum += own ? ' ' : block[i] & 0xff;
    }
    if (octal(CHECKSUM_AT, CHECKSUM_BYTES) != sum) {
      throw new RejectedSourceException("what came is no tar archive: a checksum is wrong");
    }
  }

  private String name() throws RejectedSourceException {
    if (block[PREFIX_AT] != 0) {
      throw new RejectedSourceException("the archive holds a file with a directory in its name");
    }
    String name = text(0, NAME_BYTES);
    for (int at = name.length(); at < NAME_BYTES; at++) {
      if (block[at] != 0) {
        throw new RejectedSourceException(
            "the archive holds a file with something behind its name '" + name + "'");
      }
    }
    return name;
  }

  private String text(int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, StandardCharsets.ISO_8859_1);
  }

  private long size() throws RejectedSourceException {
    if ((block[SIZE_AT] & 0x80) == 0) {
      return octal(SIZE_AT, SIZE_BYTES);
    }
    if ((block[SIZE_AT] & 0xff) != BASE_256) {
      throw new RejectedSourceException("the archive holds a file of a size below 0 or over 2^63");
    }
    long size = 0;
    for (int i = 1; i < SIZE_BYTES; i++) {
      if (size >> 55 != 0) {
        throw new RejectedSourceException(
            "the archive holds a file of a size below 0 or over 2^63");
      }
      size = (size << 8) | (block[SIZE_AT + i] & 0xff);
    }
    return size;
  }

  private long octal(int at, int length) throws RejectedSourceException {
    String digits = text(at, length).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw new RejectedSourceException(
          "what came is no tar archive: '" + digits + "' is no octal number");
    }
    return Long.parseLong(digits, 8);
  }

  /** The size that an extended header gives: lines of {@code LENGTH KEY=VALUE\n}. */
  private OptionalLong extendedSize(long bytes) throws IOException {
    if (bytes > MAX_EXTENDED_BYTES) {
      throw new RejectedSourceException(
          "the archive has an extended header of %d bytes, over the limit of %d"
              .formatted(bytes, MAX_EXTENDED_BYTES));
    }
    byte[] header = new byte[(int) bytes];
    if (in.readNBytes(header, 0, header.length) < header.length) {
      throw new EOFException("the archive breaks off in an extended header");
    }
    padding = (BLOCK - bytes % BLOCK) % BLOCK;
    OptionalLong size = OptionalLong.empty();
    for (String line : new String(header, StandardCharsets.UTF_8).split("\n", -1)) {
      String entry = line.substring(line.indexOf(' ') + 1);
      if (entry.startsWith("path=") || entry.startsWith("linkpath=")) {
        throw new RejectedSourceException("the archive holds a file with a name of its own making");
      }
      if (entry.startsWith("size=")) {
        if (size.isPresent() || !entry.matches("size=[0-9]{1,18}")) {
          throw new RejectedSourceException("the archive has a size that is no number");
        }
        size = OptionalLong.of(Long.parseLong(entry.substring("size=".length())));
      }
    }
    return size;
  }
}
