package io.selkie.storage;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Deletes removed files whose time is over. Whoever starts it runs it again and again. */
public final class TrashSweep {

  /** How often to sweep: the retention is a matter of days, and each sweep lists every trash. */
  public static final Duration INTERVAL = Duration.ofMinutes(10);

  /** Entries deleted by one sweep: deleting keeps disks busy, and the next sweep goes on. */
  public static final int MAX_PURGED = 1000;

  /**
   * What a sweep did.
   *
   * @param purged how many entries are gone for good
   * @param failures what could not be listed or deleted, each naming path or entry
   */
  public record Swept(int purged, List<String> failures) {

    /** Copies the list. */
    public Swept {
      failures = List.copyOf(failures);
    }
  }

  private final LocalPaths paths;
  private final InstantSource clock;

  /** Sweeps these paths by this clock. */
  public TrashSweep(LocalPaths paths, InstantSource clock) {
    this.paths = paths;
    this.clock = clock;
  }

  /** Sweeps once; a path that fails does not keep the others from it. */
  public Swept run() {
    int purged = 0;
    List<String> failures = new ArrayList<>();
    for (LocalPath path : paths.paths()) {
      try {
        path.requireReachable();
        path.trash().finishPurges();
        for (TrashEntry entry : path.trash().list()) {
          if (isOver(entry) && purged < MAX_PURGED) {
            path.trash().purge(entry);
            purged++;
          }
        }
      } catch (IOException e) {
        failures.add("trash of " + path.root() + ": " + e.getMessage());
      }
    }
    return new Swept(purged, failures);
  }

  private boolean isOver(TrashEntry entry) {
    Instant end = entry.removedAt().plus(paths.trashPolicy().retention());
    return !clock.instant().isBefore(end);
  }
}
