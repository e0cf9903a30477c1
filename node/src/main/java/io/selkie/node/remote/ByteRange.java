package io.selkie.node.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Range header asks of a file (RFC 9110, section 14.1.2), with the judgements of the
 * reference's file server (Go 1.24, net/http/fs.go, parseRange). Several ranges at once, which a
 * server may answer with the whole file, are so answered.
 */
sealed interface ByteRange {

  /** Everything. */
  record Whole() implements ByteRange {}

  /**
   * A part of it.
   *
   * @param first the offset of its first byte
   * @param last the offset of its last byte, within the file
   */
  record Part(long first, long last) implements ByteRange {
    long length() {
      return last - first + 1;
    }
  }

  /** Nothing that the file has. */
  record Outside() implements ByteRange {}

  /** No range. */
  record Garbled() implements ByteRange {}

  /** Blanks around a number are passed over; signs are not. */
  Pattern ONE = Pattern.compile("[ \t]*(\\d*)[ \t]*-[ \t]*(\\d*)[ \t]*");

  /** Ranges in one header; each takes two characters at least, and a header ends somewhere. */
  int MAX_RANGES = 1000;

  /**
   * The range a header asks for.
   *
   * @param header its text, empty if there is none
   * @param size the file's bytes
   */
  static ByteRange of(String header, long size) {
    if (header.isEmpty()) {
      return new Whole();
    }
    if (!header.startsWith("bytes=")) {
      return new Garbled();
    }
    String[] parts = header.substring("bytes=".length()).split(",", -1);
    if (parts.length > MAX_RANGES) {
      return new Garbled();
    }
    List<Part> inside = new ArrayList<>();
    boolean outside = false;
    for (String part : parts) {
      if (part.isBlank()) {
        continue;
      }
      Matcher one = ONE.matcher(part);
      if (!one.matches()) {
        return new Garbled();
      }
      switch (one(one.group(1), one.group(2), size)) {
        case Part found -> inside.add(found);
        case Outside _ -> outside = true;
        case Garbled garbled -> {
          return garbled;
        }
        case Whole whole -> {
          return whole;
        }
      }
    }
    if (inside.isEmpty()) {
      // An empty file has no part, and is answered whole.
      return outside && size > 0 ? new Outside() : new Whole();
    }
    return inside.size() == 1 ? inside.getFirst() : new Whole();
  }

  private static ByteRange one(String from, String to, long size) {
    try {
      if (from.isEmpty()) {
        long suffix = Math.min(Long.parseLong(to), size);
        return suffix == 0 ? new Outside() : new Part(size - suffix, size - 1);
      }
      long first = Long.parseLong(from);
      long last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
      if (first >= size) {
        return new Outside();
      }
      return first > last ? new Garbled() : new Part(first, Math.min(last, size - 1));
    } catch (NumberFormatException _) { // nothing, or beyond 63 bits
      return new Garbled();
    }
  }
}
