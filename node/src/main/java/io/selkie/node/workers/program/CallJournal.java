package io.selkie.node.workers.program;

import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.WireSectorId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls this worker has taken on and not yet returned, one small file each, so that a worker
 * that was started again can say that it knows nothing of them any more. Thread-safe.
 */
final class CallJournal {

  private static final Logger LOG = LoggerFactory.getLogger(CallJournal.class);

  private final Path directory;

  CallJournal(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** A call is taken on; it is on the disk before it is named to anybody. */
  void begin(CallId call, ReturnKind kind) throws IOException {
    String text = call.sector().miner() + " " + call.sector().number() + " " + kind.name() + "\n";
    try (FileChannel out =
        FileChannel.open(file(call), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        int _ = out.write(bytes);
      }
      out.force(true);
    }
    try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  /** A call is returned. */
  void end(CallId call) {
    try {
      Files.deleteIfExists(file(call));
    } catch (IOException e) {
      // The node is told once more after the next start, and takes no notice.
      LOG.warn("{} stays: {}", file(call), e.getMessage());
    }
  }

  /** What an earlier run of this worker left. */
  Map<CallId, ReturnKind> unfinished() throws IOException {
    Map<CallId, ReturnKind> found = new LinkedHashMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.sorted().toList();
    }
    for (Path each : files) {
      Optional<Map.Entry<CallId, ReturnKind>> entry = read(each);
      if (entry.isPresent()) {
        found.put(entry.get().getKey(), entry.get().getValue());
      } else {
        LOG.warn("{} is no record of a call", each);
      }
    }
    return found;
  }

  private static Optional<Map.Entry<CallId, ReturnKind>> read(Path file) throws IOException {
    String[] words = Files.readString(file, StandardCharsets.UTF_8).strip().split(" ", -1);
    try {
      UUID id = UUID.fromString(String.valueOf(file.getFileName()));
      WireSectorId sector = new WireSectorId(Long.parseLong(words[0]), Long.parseLong(words[1]));
      return Optional.of(Map.entry(new CallId(sector, id), ReturnKind.valueOf(words[2])));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      // Cut off by a crash while it was written: the call was never named to anybody then.
      return Optional.empty();
    }
  }

  private Path file(CallId call) {
    return directory.resolve(call.id().toString());
  }
}
