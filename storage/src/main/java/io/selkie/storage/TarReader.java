package io.selkie.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/**
 * Reads a sector's cache from a tar archive of another machine (POSIX.1-2001 ustar). Only the files
 * that a cache has are taken, flat, each once, and together not more than a cache may take: an
 * archive can write nowhere else and fill no disk. Source of the names: lotus
 * lib/tarutil/systar.go.
 */
final class TarReader {

  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_BYTES = 12;
  private static final int TYPE_AT = 156;
  private static final int BUFFER = 1 << 16;

  private static final Pattern CACHE_FILE =
      Pattern.compile(
          "p_aux|t_aux|syn-porep-vanilla-proofs\\.dat"
              + "|sc-02-data-(tree-d|layer-\\d{1,2}|tree-c(-\\d{1,2})?|tree-r-last(-\\d{1,2})?)"
              + "\\.dat");

  private TarReader() {}

  /**
   * Writes the archive's files into a directory that is there and empty; each is forced.
   *
   * @param limitBytes of all files together
   * @throws IOException if it ends early, or holds something else
   */
  static void read(InputStream in, Path directory, long limitBytes) throws IOException {
    long left = limitBytes;
    byte[] header = new byte[BLOCK];
    while (true) {
      if (in.readNBytes(header, 0, BLOCK) != BLOCK) {
        throw new EOFException("the archive ends within a header");
      }
      if (isEmpty(header)) {
        DurableFiles.forceDirectory(directory);
        return;
      }
      String name = name(header);
      long size = size(header);
      boolean plain = header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
      if (!plain || !CACHE_FILE.matcher(name).matches()) {
        throw new IOException("the archive holds '" + name + "', which no cache has");
      }
      left -= size;
      if (left < 0) {
        throw new IOException(
            "the archive holds more than the " + limitBytes + " bytes of a cache");
      }
      copy(in, directory.resolve(name), size);
      in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }
  }

  private static boolean isEmpty(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private static String name(byte[] header) {
    int end = 0;
    while (end < NAME_BYTES && header[end] != 0) {
      end++;
    }
    return new String(header, 0, end, StandardCharsets.US_ASCII);
  }

  /** Octal digits, or base 256 where the first bit is set. */
  private static long size(byte[] header) throws IOException {
    long size = 0;
    boolean binary = header[SIZE_AT] < 0;
    for (int i = 0; i < SIZE_BYTES; i++) {
      int digit = header[SIZE_AT + i];
      if (binary) {
        size = (size << 8) | (i == 0 ? digit & 0x7f : digit & 0xff);
      } else if (digit >= '0' && digit <= '7') {
        size = (size << 3) | (digit - '0');
      } else if (digit != 0 && digit != ' ') {
        throw new IOException("the archive has a size that is no number");
      }
    }
    if (size < 0) {
      throw new IOException("the archive has a file of " + size + " bytes");
    }
    return size;
  }

  private static void copy(InputStream in, Path to, long size) throws IOException {
    try (FileChannel out =
        FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(in, out, size);
    } catch (IOException e) {
      Files.deleteIfExists(to);
      throw e;
    }
  }

  /** Writes exactly so many bytes and forces them. */
  static void write(InputStream in, FileChannel out, long size) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long at = 0;
    while (at < size) {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted after " + at + " of " + size);
      }
      int count = in.read(buffer, 0, (int) Math.min(BUFFER, size - at));
      if (count < 0) {
        throw new EOFException("the other end stopped after " + at + " of " + size + " bytes");
      }
      DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, count), at);
      at += count;
    }
    out.force(true);
  }
}
