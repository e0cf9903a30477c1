package io.selkie.pipeline.unseal;

import io.selkie.pipeline.SectorJournal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs, in the journal and in memory; the journal first. Not thread-safe. */
final class UnsealTable {

  private static final Logger LOG = LoggerFactory.getLogger(UnsealTable.class);

  /** Ended jobs that are remembered at most: enough for a page of an operator's questions. */
  static final int KEPT_JOBS = 1000;

  /** How long an ended job is remembered, so that a caller who comes back after a week finds it. */
  static final Duration KEPT_FOR = Duration.ofDays(7);

  private final SectorJournal journal;
  private final SortedMap<Long, UnsealJob> jobs = new TreeMap<>();
  private final SortedMap<Long, UnsealJob> live = new TreeMap<>();
  private final Map<Long, String> damaged = new HashMap<>();
  private long lastId;

  UnsealTable(SectorJournal journal) {
    this.journal = journal;
  }

  /** Reads all jobs; what ran when the process ended is queued again. */
  void load() throws IOException {
    for (Map.Entry<String, byte[]> entry : journal.values(UnsealJobCodec.PREFIX).entrySet()) {
      try {
        long id = UnsealJobCodec.idOf(entry.getKey());
        lastId = Math.max(lastId, id);
        read(id, entry.getValue());
      } catch (IllegalArgumentException e) {
        LOG.error("no unsealing job: {}", e.getMessage());
      }
    }
  }

  private void read(long id, byte[] stored) {
    try {
      UnsealJob job = UnsealJobCodec.decode(stored);
      if (job.id() != id) {
        throw new IllegalArgumentException("it is the record of job " + job.id());
      }
      remember(job.state() == UnsealState.RUNNING ? job.queued() : job);
    } catch (RuntimeException e) {
      // Whatever is wrong with this one, the others must go on. Its bytes stay as they are.
      LOG.error("unsealing job {}: its record cannot be read", id, e);
      damaged.put(id, String.valueOf(e.getMessage()));
    }
  }

  /** A number that no job ever had: the newest one is never forgotten. */
  long nextId() {
    return lastId + 1;
  }

  void put(UnsealJob job) throws IOException {
    journal.putValue(UnsealJobCodec.key(job.id()), Optional.of(UnsealJobCodec.encode(job)));
    lastId = Math.max(lastId, job.id());
    remember(job);
  }

  private void remember(UnsealJob job) {
    jobs.put(job.id(), job);
    if (job.state().isFinished()) {
      live.remove(job.id());
    } else {
      live.put(job.id(), job);
    }
  }

  Optional<UnsealJob> get(long id) {
    return Optional.ofNullable(jobs.get(id));
  }

  Optional<String> damage(long id) {
    return Optional.ofNullable(damaged.get(id));
  }

  /** Jobs that wait or run, the oldest first. */
  List<UnsealJob> live() {
    return List.copyOf(live.values());
  }

  List<UnsealJob> all() {
    return List.copyOf(jobs.values());
  }

  /** Forgets jobs that ended long ago or are too many, in the journal too. */
  void prune(Instant now) throws IOException {
    Instant oldest = now.minus(KEPT_FOR);
    int surplus = jobs.size() - live.size() - KEPT_JOBS;
    for (UnsealJob job : new ArrayList<>(jobs.values())) {
      if (!job.state().isFinished() || job.id() == lastId) {
        continue;
      }
      boolean old = job.times().ended().map(ended -> ended.isBefore(oldest)).orElse(false);
      if (old || surplus > 0) {
        journal.putValue(UnsealJobCodec.key(job.id()), Optional.empty());
        jobs.remove(job.id());
        surplus--;
      }
    }
  }
}
