package io.selkie.node.workers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the files of one directory as a tar archive (POSIX.1-2001 ustar): 512-byte headers,
 * contents padded to 512 bytes, two empty blocks at the end.
 */
public final class TarWriter {

  private static final int BLOCK = 512;
  private static final int MAX_NAME = 100;

  /** Eleven octal digits; larger sizes are written in base 256, as GNU tar and Go do. */
  private static final long MAX_OCTAL = 0x1_ffff_ffffL;

  private TarWriter() {}

  /** Files lie flat in a sector's cache; anything else in it is passed over. */
  public static void write(Path directory, OutputStream out) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    for (Path each : files) {
      long size = Files.size(each);
      out.write(header(each.getFileName().toString(), size));
      try (InputStream in =
          Files.newInputStream(each, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        long copied = in.transferTo(out);
        if (copied != size) {
          throw new IOException(
              each + " changed from " + size + " to " + copied + " bytes while it was read");
        }
      }
      out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }
    out.write(new byte[2 * BLOCK]);
  }

  private static byte[] header(String name, long size) throws IOException {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_NAME) {
      throw new IOException(name + " is longer than the " + MAX_NAME + " bytes of a tar name");
    }
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    header.put(0, text);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    if (size <= MAX_OCTAL) {
      put(header, 124, "%011o\0".formatted(size));
    } else {
      header.put(124, (byte) 0x80).putLong(128, size);
    }
    put(header, 136, "00000000000\0");
    put(header, 148, " ".repeat(8));
    put(header, 156, "0");
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte each : header.array()) {
      sum += each & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header.array();
  }

  private static void put(ByteBuffer header, int at, String text) {
    header.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }
}
