package io.selkie.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What a backup is, in a text file beside it that is written last: a backup without one was cut
 * short. Its last line is the digest of the lines before.
 *
 * @param schema the schema's version
 * @param bytes the backup's size
 * @param sha256 the digest of all its bytes
 * @param events how many entries it holds
 * @param sectors how many sectors
 */
record BackupManifest(long schema, long bytes, String sha256, long events, long sectors) {

  /** The first line; a later format has another number. */
  static final String TITLE = "selkie journal backup 1";

  /** More than a manifest ever has; what is larger is none. */
  private static final int SIZE_LIMIT_BYTES = 4_096;

  private static final int LINES = 7;

  static Path beside(Path backup) {
    return backup.resolveSibling(backup.getFileName() + ".manifest");
  }

  /** The file's whole text. */
  String text() {
    String lines =
        String.join(
            "\n",
            TITLE,
            "schema " + schema,
            "bytes " + bytes,
            "sha256 " + sha256,
            "events " + events,
            "sectors " + sectors,
            "");
    return lines
        + "manifest-sha256 "
        + HexFormat.of()
            .formatHex(DurableFiles.newSha256().digest(lines.getBytes(StandardCharsets.UTF_8)))
        + "\n";
  }

  /**
   * Reads the manifest of a backup.
   *
   * @throws IOException naming the file, if there is none or a byte of it is not as it was written
   */
  static BackupManifest read(Path backup) throws IOException {
    Path file = beside(backup);
    byte[] content;
    try {
      if (Files.size(file) > SIZE_LIMIT_BYTES) {
        throw new IOException(file + " is no manifest of a journal's backup: it is too large");
      }
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "backup " + backup + " has no manifest " + file + ": it was cut short", e);
    }
    BackupManifest manifest = parse(file, new String(content, StandardCharsets.UTF_8));
    if (!Arrays.equals(content, manifest.text().getBytes(StandardCharsets.UTF_8))) {
      throw new IOException(file + " is damaged: its text does not fit its digest");
    }
    return manifest;
  }

  private static BackupManifest parse(Path file, String text) throws IOException {
    List<String> lines = text.lines().toList();
    if (lines.size() != LINES || !lines.getFirst().equals(TITLE)) {
      throw new IOException(file + " is no manifest of a journal's backup, or is damaged");
    }
    try {
      return new BackupManifest(
          Long.parseLong(value(lines.get(1))),
          Long.parseLong(value(lines.get(2))),
          value(lines.get(3)),
          Long.parseLong(value(lines.get(4))),
          Long.parseLong(value(lines.get(5))));
    } catch (NumberFormatException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static String value(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }
}
