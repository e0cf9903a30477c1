package io.selkie.rpc.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** The canonical form of a path: no empty, {@code .} or {@code ..} segments. */
final class CleanPath {

  private CleanPath() {}

  static String of(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      switch (segment) {
        case "", "." -> {
          // Adds nothing.
        }
        case ".." -> segments.pollLast();
        default -> segments.addLast(segment);
      }
    }
    String clean = "/" + String.join("/", segments);
    return path.endsWith("/") && clean.length() > 1 ? clean + "/" : clean;
  }
}
