package io.selkie.rpc.token;

import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the record of calls. A name says the first sequence number in it and when it was
 * begun, so that a search by time opens only what it needs.
 */
final class AuditFiles {

  static final String DONE = "done";
  static final String FAILED = "failed";
  static final String REFUSED = "refused";
  static final String RUNNING = "running";

  /** The longest line that is read, characters: twice what is ever written. */
  private static final int MAX_LINE = 1 << 16;

  private static final Pattern NAME = Pattern.compile("audit-([0-9]{19})-([0-9]{1,18})\\.jsonl");
  private static final Logger LOG = LoggerFactory.getLogger(AuditFiles.class);

  private final Path directory;
  private final JsonReader json = new JsonReader(MAX_LINE);

  private record Part(Path file, long first, Instant begun) {}

  /** What the second line of a call says. */
  private record End(
      Instant at, String outcome, String error, List<String> was, List<String> after) {}

  AuditFiles(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** A new file at whose end is written. */
  FileOutputStream create(long first, Instant begun) throws IOException {
    String name = String.format(Locale.ROOT, "audit-%019d-%d.jsonl", first, begun.toEpochMilli());
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    FileOutputStream out = new FileOutputStream(file.toFile(), true);
    forceDirectory();
    return out;
  }

  /** Goes on in spite of an interrupt, which is meant for the call and not for the record. */
  private void forceDirectory() throws IOException {
    boolean interrupted = false;
    try {
      while (!forcedDirectory()) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean forcedDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
      return true;
    } catch (ClosedByInterruptException _) { // the caller clears the flag and tries again
      return false;
    }
  }

  /** The newest file, if it is shorter than this: where an earlier process left off. */
  Optional<Path> unfinished(long limitBytes) throws IOException {
    List<Part> parts = parts();
    return parts.isEmpty() || Files.size(parts.getFirst().file()) >= limitBytes
        ? Optional.empty()
        : Optional.of(parts.getFirst().file());
  }

  /** Goes on at a file's end; a line that a crash tore is ended first. */
  static FileOutputStream reopen(Path file) throws IOException {
    RepoFiles.requireOwnerOnly("record of calls " + file, file);
    boolean torn = false;
    try (RandomAccessFile read = new RandomAccessFile(file.toFile(), "r")) {
      if (read.length() > 0) {
        read.seek(read.length() - 1);
        torn = read.read() != '\n';
      }
    }
    FileOutputStream out = new FileOutputStream(file.toFile(), true);
    if (torn) {
      out.write('\n');
    }
    return out;
  }

  /** Deletes the oldest files beyond this many. */
  void keepNewest(int count) throws IOException {
    List<Part> parts = parts();
    for (int i = count; i < parts.size(); i++) {
      Files.delete(parts.get(i).file());
      LOG.info("the record of calls passed its limit; {} was deleted", parts.get(i).file());
    }
  }

  /** The files, the newest first. */
  private List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "audit-*.jsonl")) {
      for (Path each : all) {
        Matcher name = NAME.matcher(each.getFileName().toString());
        if (name.matches()) {
          parts.add(
              new Part(
                  each,
                  Long.parseLong(name.group(1)),
                  Instant.ofEpochMilli(Long.parseLong(name.group(2)))));
        }
      }
    }
    parts.sort(Comparator.comparingLong(Part::first).thenComparing(Part::begun).reversed());
    return parts;
  }

  /** The highest sequence number there is; 0 if there is none. */
  long lastSequence() throws IOException {
    for (Part part : parts()) {
      long last = part.first() - 1;
      for (JsonValue.Obj line : lines(part.file())) {
        last = Math.max(last, number(line, "seq"));
      }
      if (last >= 0) {
        return last;
      }
    }
    return 0;
  }

  AuditPage query(AuditFilter filter, int limit) throws IOException {
    List<AuditRecord> found = new ArrayList<>();
    Map<Long, End> ends = new HashMap<>();
    for (Part part : parts()) {
      if (filter.to() != null && !part.begun().isBefore(filter.to())) {
        // All of it began too late, but ends of earlier calls may stand in it.
        collectEnds(part.file(), ends);
        continue;
      }
      List<JsonValue.Obj> lines = lines(part.file());
      for (int i = lines.size() - 1; i >= 0; i--) {
        JsonValue.Obj line = lines.get(i);
        if (line.get("of").isPresent()) {
          ends.put(number(line, "of"), end(line));
          continue;
        }
        AuditRecord each = record(line, ends.remove(number(line, "seq")));
        if (filter.matches(each)) {
          found.add(each);
          if (found.size() == limit) {
            return new AuditPage(found, each.sequence());
          }
        }
      }
      if (filter.from() != null && part.begun().isBefore(filter.from())) {
        break;
      }
    }
    return new AuditPage(found, 0);
  }

  private void collectEnds(Path file, Map<Long, End> ends) throws IOException {
    for (JsonValue.Obj line : lines(file)) {
      if (line.get("of").isPresent()) {
        ends.put(number(line, "of"), end(line));
      } else {
        ends.remove(number(line, "seq"));
      }
    }
  }

  /** The lines of a file; a torn one, which only a crash leaves, is passed over. */
  private List<JsonValue.Obj> lines(Path file) throws IOException {
    List<JsonValue.Obj> lines = new ArrayList<>();
    int torn = 0;
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.length() <= MAX_LINE
            && json.read(line) instanceof JsonReader.Outcome.Value(JsonValue.Obj object)
            && readable(object)) {
          lines.add(object);
        } else {
          torn++;
        }
      }
    }
    if (torn > 0) {
      LOG.warn("{} lines of {} cannot be read", torn, file);
    }
    return lines;
  }

  private static boolean readable(JsonValue.Obj line) {
    try {
      if (line.get("of").isPresent()) {
        return number(line, "of") >= 0 && !end(line).outcome().isEmpty();
      }
      return number(line, "seq") >= 0 && record(line, null).sequence() >= 0;
    } catch (DateTimeParseException | IllegalArgumentException e) {
      LOG.debug("line of the record of calls cannot be read", e);
      return false;
    }
  }

  private static AuditRecord record(JsonValue.Obj line, @Nullable End end) {
    String outcome = text(line, "outcome");
    List<String> before = texts(line, "before");
    if (end != null) {
      before.addAll(end.was());
    }
    return new AuditRecord(
        number(line, "seq"),
        Instant.parse(text(line, "time")),
        text(line, "who"),
        text(line, "token"),
        text(line, "remote"),
        text(line, "method"),
        text(line, "params"),
        numbers(line, "sectors"),
        before,
        end == null ? List.of() : end.after(),
        end != null ? end.outcome() : outcome.isEmpty() ? RUNNING : outcome,
        end != null ? end.error() : text(line, "error"),
        end == null ? null : end.at());
  }

  private static End end(JsonValue.Obj line) {
    return new End(
        Instant.parse(text(line, "ended")),
        text(line, "outcome"),
        text(line, "error"),
        texts(line, "was"),
        texts(line, "after"));
  }

  private static long number(JsonValue.Obj line, String name) {
    return line.get(name).orElse(JsonValue.Null.VALUE) instanceof JsonValue.Num(String literal)
        ? Long.parseLong(literal)
        : -1;
  }

  private static String text(JsonValue.Obj line, String name) {
    return line.get(name).orElse(JsonValue.Null.VALUE) instanceof JsonValue.Str(String value)
        ? value
        : "";
  }

  private static List<String> texts(JsonValue.Obj line, String name) {
    List<String> texts = new ArrayList<>();
    if (line.get(name).orElse(JsonValue.Null.VALUE)
        instanceof JsonValue.Arr(List<JsonValue> items)) {
      items.forEach(each -> texts.add(each instanceof JsonValue.Str(String value) ? value : ""));
    }
    return texts;
  }

  private static List<Long> numbers(JsonValue.Obj line, String name) {
    List<Long> numbers = new ArrayList<>();
    if (line.get(name).orElse(JsonValue.Null.VALUE)
        instanceof JsonValue.Arr(List<JsonValue> items)) {
      for (JsonValue each : items) {
        if (each instanceof JsonValue.Num(String literal)) {
          numbers.add(Long.parseUnsignedLong(literal));
        }
      }
    }
    return numbers;
  }
}
