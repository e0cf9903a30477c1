package io.selkie.pipeline.unseal;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.JournalFailure;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.RetryPolicy;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.Timekeeper;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.unseal.UnsealTry.End;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unsealing as jobs: asked for, recorded, then worked on, whoever of the callers is still there. A
 * second caller who wants the same joins the job that there is. After a restart what was queued or
 * running goes on by itself.
 *
 * <p>At most as many jobs run as the pool has slots for them, the one with the highest priority
 * first, among equals the oldest; of one sector never two. A disk that is full or fails is tried
 * again with growing pauses; damage, missing files and wrong requests end a job at once. A job is
 * taken back by {@link #cancel}, or when its sector is removed; never because its callers left.
 *
 * <p>Thread-safe. Create, {@link #start}, use, {@link #close}.
 */
public final class UnsealJobs implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UnsealJobs.class);

  /** Jobs that wait or run; more are refused, since each costs hours and somebody must look. */
  static final int MAX_LIVE = 10_000;

  /** How long the shutdown waits for work that was interrupted. */
  private static final Duration SHUTDOWN_WAIT = Duration.ofSeconds(10);

  private static final Set<SectorState> GOING =
      EnumSet.of(SectorState.Removing, SectorState.RemoveFailed, SectorState.Removed);

  private static final Comparator<UnsealJob> ORDER =
      Comparator.comparingInt((UnsealJob job) -> -job.request().priority())
          .thenComparingLong(UnsealJob::id);

  private final PipelineParts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final UnsealTable table;
  private final Map<SectorId, UnsealTry> tries = new HashMap<>();
  private final Map<Long, CompletableFuture<UnsealJob>> waiting = new HashMap<>();
  private Timekeeper.@Nullable Alarm alarm;
  private @Nullable IOException failed;
  private boolean started;
  private boolean closed;

  /** Jobs at rest. */
  public UnsealJobs(PipelineParts parts) {
    this.parts = parts;
    this.table = new UnsealTable(parts.journal());
  }

  /**
   * Takes up what the journal holds.
   *
   * @throws IOException if it cannot be read
   */
  public void start() throws IOException {
    lock.lock();
    try {
      table.load();
      started = true;
      prune();
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  /**
   * Wants something unsealed. It is recorded when this returns, as a job of its own or in one that
   * does the same.
   *
   * @throws UnsealRefused if there are too many jobs, or the range does not lie in the sector
   */
  public UnsealJob request(UnsealRequest request) throws UnsealRefused {
    UnsealJob job;
    lock.lock();
    try {
      checkOpen();
      request.requireRange();
      Optional<UnsealJob> same =
          table.live().stream().filter(each -> each.serves(request)).findFirst();
      if (same.isPresent()) {
        job = same.get().joinedBy(request);
        if (!job.equals(same.get())) {
          put(job);
        }
      } else {
        int live = table.live().size();
        if (live >= MAX_LIVE) {
          throw new UnsealRefused(
              live + " unsealing jobs wait or run, the limit is " + MAX_LIVE + "; cancel some");
        }
        job = UnsealJob.fresh(table.nextId(), request, now());
        put(job);
      }
    } finally {
      lock.unlock();
    }
    parts.listener().unsealing(job);
    dispatch();
    return job;
  }

  /**
   * Waits for a job's end. Who stops waiting does not stop the job.
   *
   * @return the job as it ended; empty if there is none of this id
   */
  public Optional<UnsealJob> await(long id) throws InterruptedException {
    CompletableFuture<UnsealJob> end;
    lock.lock();
    try {
      Optional<UnsealJob> job = table.get(id);
      if (job.isEmpty() || job.get().state().isFinished()) {
        return job;
      }
      checkOpen();
      end = waiting.computeIfAbsent(id, _ -> new CompletableFuture<>());
    } finally {
      lock.unlock();
    }
    try {
      return Optional.of(end.get());
    } catch (ExecutionException e) {
      throw new JournalFailure(new IOException("the job's end is not known", e));
    }
  }

  /** A job; empty if there is none of this id, or it ended too long ago. */
  public Optional<UnsealJob> status(long id) {
    lock.lock();
    try {
      return table.get(id).map(this::withProgress);
    } finally {
      lock.unlock();
    }
  }

  /** Why a job's record cannot be read; empty if it can, or there is none. */
  public Optional<String> damage(long id) {
    lock.lock();
    try {
      return table.damage(id);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a job of this sector waits or runs. */
  public boolean isLive(SectorId sector) {
    lock.lock();
    try {
      return table.live().stream().anyMatch(job -> job.request().sector().id().equals(sector));
    } finally {
      lock.unlock();
    }
  }

  /** All jobs that are remembered, the oldest first. */
  public List<UnsealJob> list() {
    lock.lock();
    try {
      return table.all().stream().map(this::withProgress).toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a job back, whoever waits for it; one that has ended stays as it is.
   *
   * @return the job afterwards; empty if there is none of this id
   */
  public Optional<UnsealJob> cancel(long id) {
    return cancel(id, "cancelled");
  }

  /** Takes back every job of a sector; for one that is being removed. */
  public void sectorRemoved(SectorId sector) {
    List<Long> ids;
    lock.lock();
    try {
      ids =
          table.live().stream()
              .filter(job -> job.request().sector().id().equals(sector))
              .map(UnsealJob::id)
              .toList();
    } finally {
      lock.unlock();
    }
    ids.forEach(id -> cancel(id, removal(sector)));
  }

  private static String removal(SectorId sector) {
    return "sector " + sector.number() + " is being removed";
  }

  private Optional<UnsealJob> cancel(long id, String reason) {
    UnsealJob ended;
    lock.lock();
    try {
      Optional<UnsealJob> job = table.get(id);
      if (job.isEmpty() || job.get().state().isFinished()) {
        return job;
      }
      checkOpen();
      ended = withProgress(job.get()).ended(UnsealState.CANCELLED, reason, now());
      put(ended);
      UnsealTry current = tries.get(ended.request().sector().id());
      if (current != null && current.job() == id) {
        current.interrupt();
      }
    } finally {
      lock.unlock();
    }
    told(ended);
    dispatch();
    return Optional.of(ended);
  }

  /** Gives free slots to the jobs whose turn it is, and sets the alarm for those that wait. */
  private void dispatch() {
    lock.lock();
    try {
      if (closed || failed != null) {
        return;
      }
      Instant now = now();
      List<UnsealJob> due =
          table.live().stream().filter(job -> job.isDue(now)).sorted(ORDER).toList();
      for (UnsealJob job : due) {
        SectorId sector = job.request().sector().id();
        if (tries.size() < parts.work().limit(WorkPool.Task.UNSEAL) && !tries.containsKey(sector)) {
          UnsealTry next = new UnsealTry(job.id(), parts);
          tries.put(sector, next);
          next.start("unseal " + sector, () -> work(next, sector));
        }
      }
      armAlarm();
    } finally {
      lock.unlock();
    }
  }

  private void armAlarm() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
    Instant now = now();
    table.live().stream()
        .flatMap(job -> job.times().nextTry().stream())
        .filter(next -> next.isAfter(now))
        .min(Comparator.naturalOrder())
        .ifPresent(next -> alarm = parts.clock().at(next, this::dispatch));
  }

  private void work(UnsealTry current, SectorId sector) {
    try {
      Optional<UnsealJob> begun = begin(current.job());
      if (begun.isPresent()) {
        parts.listener().unsealing(begun.get());
        End end = current.run(begun.get().request());
        finish(current.job(), end);
      }
    } catch (JournalFailure e) {
      LOG.warn("unsealing job {} stands still: {}", current.job(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("unsealing job {} stands still until a restart", current.job(), e);
    } finally {
      lock.lock();
      try {
        tries.remove(sector);
      } finally {
        lock.unlock();
      }
      dispatch();
    }
  }

  /** Records that a job runs from now on; empty if it does not. */
  private Optional<UnsealJob> begin(long id) {
    UnsealJob job;
    lock.lock();
    try {
      Optional<UnsealJob> found = table.get(id);
      if (closed || found.isEmpty() || found.get().state() != UnsealState.QUEUED) {
        return Optional.empty();
      }
      SectorId sector = found.get().request().sector().id();
      boolean going = isGoing(sector);
      job =
          going
              ? found.get().ended(UnsealState.CANCELLED, removal(sector), now())
              : found.get().begun(now());
      put(job);
      if (!going) {
        return Optional.of(job);
      }
    } finally {
      lock.unlock();
    }
    told(job);
    return Optional.empty();
  }

  /** A sector whose removal was asked for while no job of it was there to be told. */
  private boolean isGoing(SectorId sector) {
    try {
      return parts
          .journal()
          .load(sector)
          .map(Snapshot::state)
          .flatMap(SectorState::ofWireName)
          .map(GOING::contains)
          .orElse(false);
    } catch (IOException e) {
      throw journalFailed(e);
    }
  }

  private void finish(long id, End end) {
    UnsealJob job;
    lock.lock();
    try {
      // From here on nobody interrupts this thread; forget an interrupt that came just before.
      parts.threads().interrupted();
      Optional<UnsealJob> found = table.get(id);
      if (closed || found.isEmpty() || found.get().state() != UnsealState.RUNNING) {
        return; // Cancelled, or the process ends and the next one goes on.
      }
      job = after(withProgress(found.get()), end);
      put(job);
      prune();
    } finally {
      lock.unlock();
    }
    told(job);
  }

  private UnsealJob after(UnsealJob job, End end) {
    return switch (end) {
      case End.Present(var range) ->
          // Somebody may have asked for more while it ran.
          UnsealTry.covers(range, job.request().range())
              ? job.ended(UnsealState.DONE, "", now())
              : job.queued();
      case End.Fault(var kind, var reason) ->
          switch (kind) {
            case MISSING_FILE, DAMAGED_FILE, BAD_REQUEST ->
                job.ended(UnsealState.FAILED, reason, now());
            case NO_SPACE, UNREACHABLE, IO, CANCELLED -> afterFault(job, reason);
          };
      case End.Broken(var reason) -> job.ended(UnsealState.FAILED, reason, now());
    };
  }

  private UnsealJob afterFault(UnsealJob job, String reason) {
    RetryPolicy policy = parts.config().get().unsealing().retry();
    int failures = job.tries().failed() + 1;
    if (failures >= policy.budget()) {
      return job.failedUntil(now(), reason)
          .ended(UnsealState.FAILED, reason + " (gave up after " + failures + " tries)", now());
    }
    synchronized (parts.random()) {
      return job.failedUntil(now().plus(policy.pause(failures, parts.random())), reason);
    }
  }

  private void told(UnsealJob job) {
    switch (job.state()) {
      case DONE -> LOG.info("unsealed {}, job {}", job.request().sector().id(), job.id());
      case QUEUED, RUNNING ->
          LOG.warn("unsealing job {} is tried again: {}", job.id(), job.lastError());
      case FAILED, CANCELLED ->
          LOG.warn("unsealing job {}: {}: {}", job.id(), job.state().wireName(), job.lastError());
    }
    parts.listener().unsealing(job);
    if (!job.state().isFinished()) {
      return;
    }
    @Nullable CompletableFuture<UnsealJob> end;
    lock.lock();
    try {
      end = waiting.remove(job.id());
    } finally {
      lock.unlock();
    }
    if (end != null) {
      end.complete(job);
    }
  }

  private UnsealJob withProgress(UnsealJob job) {
    return Optional.ofNullable(tries.get(job.request().sector().id()))
        .filter(each -> each.job() == job.id() && job.state() == UnsealState.RUNNING)
        .map(each -> job.reached(each.reached()))
        .orElse(job);
  }

  private void put(UnsealJob job) {
    try {
      table.put(job);
    } catch (IOException e) {
      throw journalFailed(e);
    }
  }

  private void prune() {
    try {
      table.prune(now());
    } catch (IOException e) {
      throw journalFailed(e);
    }
  }

  private RuntimeException journalFailed(IOException cause) {
    if (failed == null) {
      failed = cause;
      LOG.error("the journal cannot be written; no unsealing job moves any more", cause);
      parts.listener().journalFailed(cause);
      waiting.values().forEach(each -> each.completeExceptionally(cause));
    }
    return new JournalFailure(cause);
  }

  private void checkOpen() {
    if (!started) {
      throw new IllegalStateException("used before it was started: ids would be given twice");
    }
    if (closed) {
      throw new JournalFailure(new IOException("unsealing is closed"));
    }
    if (failed != null) {
      throw new JournalFailure(failed);
    }
  }

  private Instant now() {
    return parts.clock().instant();
  }

  /** Interrupts what runs; what has not ended goes on when jobs are started again. */
  @Override
  public void close() {
    List<UnsealTry> running;
    lock.lock();
    try {
      closed = true;
      if (alarm != null) {
        alarm.cancel();
      }
      running = new ArrayList<>(tries.values());
      running.forEach(UnsealTry::interrupt);
      IOException reason = new IOException("unsealing is closed");
      waiting.values().forEach(each -> each.completeExceptionally(reason));
    } finally {
      lock.unlock();
    }
    long deadline = System.nanoTime() + SHUTDOWN_WAIT.toNanos();
    for (UnsealTry each : running) {
      try {
        long leftMs = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        if (!each.join(Duration.ofMillis(leftMs))) {
          LOG.warn("unsealing job {} did not end", each.job());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
