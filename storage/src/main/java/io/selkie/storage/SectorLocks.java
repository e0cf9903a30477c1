package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks on a sector's files, one per sector and kind: many readers or one writer.
 *
 * <p>A request takes all its kinds at once or none, so two requests can never wait for each other.
 * Requests for one sector are served in the order they came, as far as they touch the same kinds: a
 * writer is not starved by readers that keep coming. Held locks may be released from any thread.
 * Not re-entrant. Thread-safe.
 */
public final class SectorLocks {

  /** The kinds one holder has. */
  private record Claim(Set<SectorFileType> read, Set<SectorFileType> write) {

    boolean conflictsWith(Claim other) {
      return !Collections.disjoint(write, other.write)
          || !Collections.disjoint(write, other.read)
          || !Collections.disjoint(read, other.write);
    }
  }

  /** Locks that are held until closed; closing twice is harmless. */
  public final class Held implements AutoCloseable {
    private final SectorId sector;
    private final Claim claim;

    private Held(SectorId sector, Claim claim) {
      this.sector = sector;
      this.claim = claim;
    }

    @Override
    public void close() {
      release(sector, this);
    }
  }

  /**
   * What is held on a sector.
   *
   * @param write per kind, in order of the bits: 1 if a writer holds it
   * @param read per kind: how many readers hold it
   */
  public record Listed(SectorId sector, List<Integer> write, List<Integer> read) {}

  /** A request that waits. Compared by identity. */
  private static final class Waiter {
    private final Claim claim;
    private final Condition turn;

    Waiter(Claim claim, Condition turn) {
      this.claim = claim;
      this.turn = turn;
    }
  }

  private static final class SectorState {
    private final List<Held> held = new ArrayList<>();
    private final List<Waiter> waiting = new ArrayList<>();

    /** Whether nothing held, and nobody who waits further ahead, is in the claim's way. */
    boolean admits(Claim claim, int ahead) {
      for (Held holder : held) {
        if (holder.claim.conflictsWith(claim)) {
          return false;
        }
      }
      for (int i = 0; i < ahead; i++) {
        if (waiting.get(i).claim.conflictsWith(claim)) {
          return false;
        }
      }
      return true;
    }
  }

  private final ReentrantLock monitor = new ReentrantLock();
  private final SortedMap<SectorId, SectorState> sectors = new TreeMap<>();

  /** No locks held. */
  public SectorLocks() {}

  /**
   * Waits until all the kinds are free and takes them. A kind in both sets is taken for writing.
   *
   * @throws IllegalArgumentException if both sets are empty
   * @throws InterruptedException if interrupted while waiting; nothing is held then
   */
  public Held lock(SectorId sector, Set<SectorFileType> read, Set<SectorFileType> write)
      throws InterruptedException {
    Claim claim = claim(read, write);
    monitor.lockInterruptibly();
    try {
      SectorState state = sectors.computeIfAbsent(sector, _ -> new SectorState());
      Waiter waiter = new Waiter(claim, monitor.newCondition());
      state.waiting.add(waiter);
      try {
        while (!state.admits(claim, state.waiting.indexOf(waiter))) {
          waiter.turn.await();
        }
        Held held = new Held(sector, claim);
        state.held.add(held);
        return held;
      } finally {
        state.waiting.remove(waiter);
        wake(sector, state);
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Takes the kinds if all are free now and nobody waits for them; empty otherwise. */
  public Optional<Held> tryLock(
      SectorId sector, Set<SectorFileType> read, Set<SectorFileType> write) {
    Claim claim = claim(read, write);
    monitor.lock();
    try {
      SectorState state = sectors.computeIfAbsent(sector, _ -> new SectorState());
      Optional<Held> result = Optional.empty();
      if (state.admits(claim, state.waiting.size())) {
        Held held = new Held(sector, claim);
        state.held.add(held);
        result = Optional.of(held);
      }
      wake(sector, state);
      return result;
    } finally {
      monitor.unlock();
    }
  }

  /** Everything held now, in order of the sectors. */
  public List<Listed> list() {
    monitor.lock();
    try {
      List<Listed> all = new ArrayList<>();
      sectors.forEach((sector, state) -> {
        if (!state.held.isEmpty()) {
          all.add(describe(sector, state));
        }
      });
      return all;
    } finally {
      monitor.unlock();
    }
  }

  private static Listed describe(SectorId sector, SectorState state) {
    List<Integer> write = new ArrayList<>();
    List<Integer> read = new ArrayList<>();
    for (SectorFileType type : SectorFileType.values()) {
      write.add((int) state.held.stream().filter(h -> h.claim.write.contains(type)).count());
      read.add((int) state.held.stream().filter(h -> h.claim.read.contains(type)).count());
    }
    return new Listed(sector, List.copyOf(write), List.copyOf(read));
  }

  private void release(SectorId sector, Held held) {
    monitor.lock();
    try {
      SectorState state = sectors.get(sector);
      if (state != null && state.held.remove(held)) {
        wake(sector, state);
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Lets every waiter look again, and forgets the sector once nobody is left. */
  private void wake(SectorId sector, SectorState state) {
    if (state.held.isEmpty() && state.waiting.isEmpty()) {
      sectors.remove(sector);
    }
    state.waiting.forEach(waiter -> waiter.turn.signal());
  }

  private static Claim claim(Set<SectorFileType> read, Set<SectorFileType> write) {
    if (read.isEmpty() && write.isEmpty()) {
      throw new IllegalArgumentException("failed to acquire lock: no file types");
    }
    EnumSet<SectorFileType> reads = EnumSet.noneOf(SectorFileType.class);
    reads.addAll(read);
    reads.removeAll(write);
    EnumSet<SectorFileType> writes = EnumSet.noneOf(SectorFileType.class);
    writes.addAll(write);
    return new Claim(Collections.unmodifiableSet(reads), Collections.unmodifiableSet(writes));
  }
}
