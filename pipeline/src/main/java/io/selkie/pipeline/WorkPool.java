package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Bounds how much long work is done at once, by kind, and does it on threads of its own, so that
 * the many light threads of waiting sectors never compete with it for a carrier.
 */
public final class WorkPool {

  /** Kinds of long work. */
  public enum Task {
    /** Writing pieces and fillers. */
    ADD_PIECE,
    /** Labels: one core and much memory for hours. */
    PRE_COMMIT_1,
    /** Trees: all cores. */
    PRE_COMMIT_2,
    /** Proofs. */
    COMMIT,
    /** Moving and deleting files. */
    FINALIZE,
    /** Labels once more, and taking them off the replica. */
    UNSEAL,
    /** Bringing the files of a sector that was sealed elsewhere. */
    DOWNLOAD
  }

  /** Work that may fail as sealing does. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws SealFault;
  }

  /** The most slots of a kind beside the machine's own: each is a thread that waits for its end. */
  public static final int MAX_MORE = 256;

  private final Map<Task, WorkSlots> slots = new EnumMap<>(Task.class);
  private final Map<Task, Integer> limits = new EnumMap<>(Task.class);
  private final WorkThreads threads;
  private final WorkBook book;

  /**
   * Work that waits for a slot or is being done.
   *
   * @param id counts from 1 at every start
   * @param isUrgent whether it goes before work that is not
   * @param startedAt empty while it waits
   */
  public record Job(
      long id, Task task, SectorId sector, boolean isUrgent, Optional<Instant> startedAt) {}

  /**
   * A pool.
   *
   * @param limits how many of each kind run at once, at least 1; kinds that are missing run one by
   *     one
   */
  public WorkPool(Map<Task, Integer> limits) {
    this(limits, WorkThreads.ofThisMachine());
  }

  /** As {@link #WorkPool(Map)}, the work being done on these threads. */
  public WorkPool(Map<Task, Integer> limits, WorkThreads threads) {
    this(limits, threads, InstantSource.system());
  }

  /** As {@link #WorkPool(Map, WorkThreads)}, with the clock that jobs are shown by. */
  public WorkPool(Map<Task, Integer> limits, WorkThreads threads, InstantSource clock) {
    this.threads = threads;
    this.book = new WorkBook(clock);
    for (Task task : Task.values()) {
      int limit = limits.getOrDefault(task, 1);
      if (limit < 1) {
        throw new IllegalArgumentException("at most " + limit + " of " + task + " at once");
      }
      slots.put(task, new WorkSlots(limit));
      this.limits.put(task, limit);
    }
  }

  /** Everything that waits or is being done, oldest first. */
  public List<Job> jobs() {
    return book.jobs();
  }

  /**
   * Ends a job: whoever waits for it is told that the work failed, and what follows from that
   * failure follows.
   *
   * @return whether there was such a job
   */
  public boolean abort(long id) {
    return book.abort(id);
  }

  /** How many of this kind this machine does at once. */
  public int limit(Task task) {
    return limits.getOrDefault(task, 1);
  }

  /** How many of this kind run at once now, here and elsewhere. */
  public int slots(Task task) {
    return slot(task).count();
  }

  /**
   * Lets more or fewer of this kind run at once, as others than this machine have room for it. When
   * there is less room than before, what runs goes on.
   *
   * @param count from 1 to {@link #MAX_MORE} above this machine's own
   */
  public void resize(Task task, int count) {
    if (count < 1 || count > limit(task) + MAX_MORE) {
      throw new IllegalArgumentException(
          "%d slots for %s, expected 1 to %d".formatted(count, task, limit(task) + MAX_MORE));
    }
    slot(task).resize(count);
  }

  /** How many of this kind wait for a slot. */
  public int waiting(Task task) {
    return slot(task).waiting();
  }

  /**
   * Waits for a slot and does the work; sectors with client data come first. When the caller is
   * interrupted the work is interrupted too, and this returns only once it has ended.
   */
  <T> T run(Task task, SectorRecord sector, Work<T> work) throws SealFault, InterruptedException {
    return run(task, sector.sector(), sector.hasDeals(), work);
  }

  /** As above; urgent work comes first. */
  public <T> T run(Task task, SectorId sector, boolean isUrgent, Work<T> work)
      throws SealFault, InterruptedException {
    WorkBook.Entry entry = book.enter(task, sector, isUrgent);
    try {
      return inSlot(entry, task, sector, isUrgent, work);
    } catch (InterruptedException e) {
      if (book.leave(entry)) {
        throw aborted(task, sector);
      }
      throw e;
    } finally {
      if (book.leave(entry)) {
        // An interrupt that came too late must not hinder what follows.
        threads.interrupted();
      }
    }
  }

  private static SealFault aborted(Task task, SectorId sector) {
    return new SealFault(
        SealFault.Kind.BAD_REQUEST, task + " of sector " + sector + " was aborted by an operator");
  }

  private <T> T inSlot(
      WorkBook.Entry entry, Task task, SectorId sector, boolean isUrgent, Work<T> work)
      throws SealFault, InterruptedException {
    WorkSlots slot = slot(task);
    slot.acquire(isUrgent);
    try {
      book.started(entry);
      return threads.call(task + " " + sector, work::run);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SealFault fault -> throw fault;
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("work failed", e);
      }
    } finally {
      slot.release();
    }
  }

  private WorkSlots slot(Task task) {
    WorkSlots slot = slots.get(task);
    if (slot == null) {
      throw new IllegalStateException("no slots for " + task);
    }
    return slot;
  }
}
