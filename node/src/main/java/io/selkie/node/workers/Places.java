package io.selkie.node.workers;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SectorJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * On which workers' storage paths files of an unfinished sector may be. The index is in memory and
 * knows a worker's files only once the worker is back, so without this note a node that was started
 * again would take them for lost and begin from the start. Thread-safe.
 */
final class Places {

  /** How long files on a path that is away are waited for before the sector goes on without. */
  static final Duration LIMIT = Duration.ofDays(1);

  private static final String PREFIX = "workers/places/";
  private static final int MAX_PATHS = 64;

  private final SectorJournal journal;
  private final InstantSource clock;

  Places(SectorJournal journal, InstantSource clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /** Files of the sector will be on these paths. */
  synchronized void note(SectorId sector, Collection<String> paths) throws SealFault {
    List<String> all = new ArrayList<>(noted(sector));
    all.removeAll(paths);
    all.addAll(paths);
    List<String> kept = all.subList(Math.max(0, all.size() - MAX_PATHS), all.size());
    put(sector, Optional.of(clock.instant().toEpochMilli() + " " + String.join(" ", kept)));
  }

  /** No files of the sector are with workers any more. */
  synchronized void forget(SectorId sector) throws SealFault {
    if (!line(sector).isEmpty()) {
      put(sector, Optional.empty());
    }
  }

  /** The paths, those noted last at the end. */
  synchronized List<String> noted(SectorId sector) throws SealFault {
    List<String> words = List.of(line(sector).split(" ", -1));
    return words.subList(Math.min(1, words.size()), words.size());
  }

  /**
   * Refuses to go on without files that are on a path which is away.
   *
   * @param known whether the index knows a path
   * @throws SealFault UNREACHABLE
   */
  synchronized void requireBack(SectorId sector, Predicate<String> known) throws SealFault {
    String line = line(sector);
    if (line.isEmpty()) {
      return;
    }
    Instant since = Instant.ofEpochMilli(Long.parseLong(line.split(" ", -1)[0]));
    for (String path : noted(sector)) {
      if (!known.test(path) && since.plus(LIMIT).isAfter(clock.instant())) {
        throw new SealFault(
            SealFault.Kind.UNREACHABLE,
            "files of sector %s may be on storage path %s of a worker that is not connected"
                .formatted(sector, path));
      }
    }
  }

  private String line(SectorId sector) throws SealFault {
    try {
      return journal
          .getValue(PREFIX + sector)
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
          .orElse("");
    } catch (IOException e) {
      throw failed(sector, e);
    }
  }

  private void put(SectorId sector, Optional<String> line) throws SealFault {
    try {
      journal.putValue(PREFIX + sector, line.map(text -> text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw failed(sector, e);
    }
  }

  private static SealFault failed(SectorId sector, IOException e) {
    return new SealFault(
        SealFault.Kind.IO, "where files of sector " + sector + " are: " + e.getMessage(), e);
  }
}
