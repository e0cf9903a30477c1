package io.selkie.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Directories as values, to compare before and after. */
final class FileTree {

  private FileTree() {}

  /** Every file's SHA-256 and every directory below the root, by relative name. */
  static SortedMap<String, String> of(Path root) throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.toList()) {
        content.put(
            root.relativize(each).toString(),
            Files.isDirectory(each) ? "directory" : KeyedBytes.sha256Hex(Files.readAllBytes(each)));
      }
    }
    return content;
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }
}
