package io.selkie.node.recovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a repository's backup holds; its text ends with a digest of itself.
 *
 * @param created when
 * @param repo the directory of the repository
 * @param paths the storage paths' directories by their identities
 * @param files the files by their names in the backup
 */
record BackupManifest(
    Instant created, Path repo, SortedMap<String, Path> paths, SortedMap<String, Entry> files) {

  /** The manifest's name; it is written last. */
  static final String NAME = "MANIFEST";

  private static final String HEAD = "selkie backup 1";

  /** A line for each file: a handful, and one for each storage path. */
  private static final long MAX_BYTES = 16 << 20;

  /** A file: its size and its SHA-256 in hexadecimal. */
  record Entry(long bytes, String sha256) {}

  String text() {
    StringBuilder text = new StringBuilder(HEAD + "\ncreated " + created + "\nrepo " + repo + "\n");
    paths.forEach(
        (id, path) -> text.append("path ").append(id).append(' ').append(path).append('\n'));
    files.forEach((name, file) ->
        text.append("file ")
            .append(file.sha256())
            .append(' ')
            .append(file.bytes())
            .append(' ')
            .append(name)
            .append('\n'));
    return text + "end " + sha256(text.toString().getBytes(StandardCharsets.UTF_8)) + "\n";
  }

  /**
   * The manifest of a backup.
   *
   * @throws IOException if there is none, or it is not as it was written
   */
  static BackupManifest read(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
      }
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException(
          directory + " is no whole backup: it has no " + NAME + ", which is written last", e);
    }
    int end = text.lastIndexOf("end ");
    String body = end < 0 ? "" : text.substring(0, end);
    if (!text.equals(body + "end " + sha256(body.getBytes(StandardCharsets.UTF_8)) + "\n")) {
      throw new IOException(file + " is not as it was written: its own digest differs");
    }
    try {
      return parse(body);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static BackupManifest parse(String body) {
    List<String> lines = new ArrayList<>(List.of(body.split("\n", -1)));
    if (!lines.removeFirst().equals(HEAD)) {
      throw new IllegalArgumentException("of another version than this program reads");
    }
    Instant created = Instant.EPOCH;
    Path repo = Path.of("");
    SortedMap<String, Path> paths = new TreeMap<>();
    SortedMap<String, Entry> files = new TreeMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", 4);
      switch (words[0]) {
        case "" -> {}
        case "created" -> created = Instant.parse(words[1]);
        case "repo" -> repo = Path.of(line.substring("repo ".length()));
        case "path" ->
            paths.put(words[1], Path.of(line.substring("path ".length() + words[1].length() + 1)));
        case "file" -> files.put(words[3], new Entry(Long.parseLong(words[2]), words[1]));
        default -> throw new IllegalArgumentException("line '" + line + "' is not understood");
      }
    }
    return new BackupManifest(created, repo, paths, files);
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
