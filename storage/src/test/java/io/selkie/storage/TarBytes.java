package io.selkie.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A tar archive, byte by byte, with whatever a test puts into its headers. */
final class TarBytes {

  static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A plain file of so many bytes. */
  TarBytes file(String name, int bytes) {
    return entry(name, '0', octal(bytes), "", bytes);
  }

  /** A plain file with this content. */
  TarBytes file(String name, byte[] content) {
    return raw(header(name, '0', octal(content.length), ""))
        .raw(content)
        .raw(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  /** A header whose checksum is right, and so many bytes behind it, filled up to a block. */
  TarBytes entry(String name, char type, byte[] size, String prefix, int bytes) {
    byte[] header = header(name, type, size, prefix);
    return raw(header).raw(content(bytes)).raw(new byte[(BLOCK - bytes % BLOCK) % BLOCK]);
  }

  /** A header that gives another its name, size or place (POSIX.1-2001 pax, or GNU tar). */
  TarBytes extended(char type, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    return raw(header("PaxHeaders.0/p_aux", type, octal(content.length), ""))
        .raw(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
  }

  TarBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The archive without its end. */
  byte[] open() {
    return out.toByteArray();
  }

  /** The archive with the two empty blocks that are its end. */
  byte[] closed() {
    return raw(new byte[2 * BLOCK]).open();
  }

  static byte[] header(String name, char type, byte[] size, String prefix) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name.getBytes(StandardCharsets.ISO_8859_1));
    put(header, 100, ascii("0000644\0" + "0000000\0" + "0000000\0"));
    put(header, 124, size);
    put(header, 136, ascii("00000000000\0" + "        "));
    header[156] = (byte) type;
    put(header, 157, ascii(type == '1' || type == '2' ? "/etc/passwd" : ""));
    put(header, 257, ascii("ustar\0" + "00"));
    put(header, 345, ascii(prefix));
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, ascii("%06o\0 ".formatted(sum)));
    return header;
  }

  static byte[] octal(long size) {
    return ascii("%011o\0".formatted(size));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    Arrays.fill(content, (byte) 7);
    return content;
  }

  private static void put(byte[] header, int at, byte[] text) {
    System.arraycopy(text, 0, header, at, text.length);
  }
}
