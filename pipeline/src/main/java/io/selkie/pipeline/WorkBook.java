package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The long work that waits or is being done, for those who look at it or want it to end. */
final class WorkBook {

  /** One entry; guarded by the book. */
  static final class Entry {
    private final long id;
    private final WorkPool.Task task;
    private final SectorId sector;
    private final boolean isUrgent;
    private final Thread caller;
    private @Nullable Instant startedAt;
    private boolean aborted;

    private Entry(long id, WorkPool.Task task, SectorId sector, boolean isUrgent, Thread caller) {
      this.id = id;
      this.task = task;
      this.sector = sector;
      this.isUrgent = isUrgent;
      this.caller = caller;
    }
  }

  private final InstantSource clock;
  private final SortedMap<Long, Entry> entries = new TreeMap<>();
  private long lastId;

  WorkBook(InstantSource clock) {
    this.clock = clock;
  }

  /** The thread that calls this is the one that is interrupted to end the work. */
  synchronized Entry enter(WorkPool.Task task, SectorId sector, boolean isUrgent) {
    Entry entry = new Entry(++lastId, task, sector, isUrgent, Thread.currentThread());
    entries.put(entry.id, entry);
    return entry;
  }

  synchronized void started(Entry entry) {
    entry.startedAt = clock.instant();
  }

  /**
   * Takes the entry out.
   *
   * @return whether somebody ended the work
   */
  synchronized boolean leave(Entry entry) {
    entries.remove(entry.id);
    return entry.aborted;
  }

  synchronized List<WorkPool.Job> jobs() {
    List<WorkPool.Job> jobs = new ArrayList<>();
    for (Entry entry : entries.values()) {
      jobs.add(
          new WorkPool.Job(
              entry.id,
              entry.task,
              entry.sector,
              entry.isUrgent,
              Optional.ofNullable(entry.startedAt)));
    }
    return jobs;
  }

  synchronized boolean abort(long id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return false;
    }
    entry.aborted = true;
    entry.caller.interrupt();
    return true;
  }
}
