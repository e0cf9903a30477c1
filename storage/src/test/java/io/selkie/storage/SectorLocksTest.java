package io.selkie.storage;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SectorLocksTest {

  private static final SectorId SECTOR = SectorId.of(1000, 3);
  private static final Set<SectorFileType> NONE = Set.of();

  private final SectorLocks locks = new SectorLocks();

  @Test
  void tryLock_readersAndWriters_excludeAsTheTableSays() throws InterruptedException {
    try (var _ = locks.lock(SECTOR, Set.of(UNSEALED), NONE);
        var _ = locks.lock(SECTOR, Set.of(UNSEALED), Set.of(CACHE))) {
      assertThat(locks.tryLock(SECTOR, NONE, Set.of(UNSEALED))).isEmpty();
      assertThat(locks.tryLock(SECTOR, Set.of(CACHE), NONE)).isEmpty();
      assertThat(locks.tryLock(SECTOR, Set.of(UNSEALED), Set.of(SEALED, CACHE))).isEmpty();
      assertThat(locks.list())
          .containsExactly(
              new SectorLocks.Listed(SECTOR, List.of(0, 0, 1, 0, 0, 0), List.of(2, 0, 0, 0, 0, 0)));
      assertThat(locks.tryLock(SectorId.of(1000, 4), NONE, Set.of(UNSEALED)))
          .hasValueSatisfying(SectorLocks.Held::close);
    }
    assertThat(locks.list()).isEmpty();
    assertThat(locks.tryLock(SECTOR, NONE, Set.of(UNSEALED)))
        .hasValueSatisfying(SectorLocks.Held::close);
    assertThat(locks.list()).isEmpty();
  }

  @Test
  void lock_kindInBothSets_isTakenForWriting() throws InterruptedException {
    try (var _ = locks.lock(SECTOR, Set.of(SEALED, CACHE), Set.of(SEALED))) {
      assertThat(locks.list())
          .containsExactly(
              new SectorLocks.Listed(SECTOR, List.of(0, 1, 0, 0, 0, 0), List.of(0, 0, 1, 0, 0, 0)));
    }
  }

  @Test
  void lock_noKinds_isRefused() {
    assertThatThrownBy(() -> locks.lock(SECTOR, NONE, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("failed to acquire lock");
  }

  @Test
  void close_twice_releasesOnce() throws InterruptedException {
    SectorLocks.Held first = locks.lock(SECTOR, Set.of(SEALED), NONE);
    SectorLocks.Held second = locks.lock(SECTOR, Set.of(SEALED), NONE);
    first.close();
    first.close();
    assertThat(locks.tryLock(SECTOR, NONE, Set.of(SEALED))).isEmpty();
    second.close();
    assertThat(locks.list()).isEmpty();
  }

  /** A reader that comes after a waiting writer waits behind it. */
  @Test
  void lock_writerWaits_laterReadersQueueBehindIt() throws Exception {
    List<String> order = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SectorLocks.Held reader = locks.lock(SECTOR, Set.of(SEALED), NONE);
      Future<?> writer = start(threads, NONE, Set.of(SEALED), "writer", order);
      Future<?> late = start(threads, Set.of(SEALED), NONE, "late reader", order);
      assertThat(locks.tryLock(SECTOR, Set.of(SEALED), NONE)).isEmpty();
      // Another kind is in nobody's way.
      locks.lock(SECTOR, Set.of(UNSEALED), NONE).close();
      reader.close();
      writer.get(10, TimeUnit.SECONDS);
      late.get(10, TimeUnit.SECONDS);
    }
    assertThat(order).containsExactly("writer", "late reader");
    assertThat(locks.list()).isEmpty();
  }

  @Test
  void lock_interruptedWhileWaiting_holdsNothingAndLetsOthersOn() throws Exception {
    SectorLocks.Held reader = locks.lock(SECTOR, Set.of(SEALED), NONE);
    CountDownLatch ended = new CountDownLatch(1);
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              assertThatThrownBy(() -> locks.lock(SECTOR, NONE, Set.of(SEALED)))
                  .isInstanceOf(InterruptedException.class);
              ended.countDown();
            });
    while (locks.tryLock(SECTOR, Set.of(SEALED), NONE).map(this::closed).isPresent()) {
      Thread.onSpinWait();
    }
    writer.interrupt();
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    locks.lock(SECTOR, Set.of(SEALED), NONE).close();
    reader.close();
    assertThat(locks.list()).isEmpty();
  }

  /** Random requests of many threads: never a writer beside anyone, and everyone gets a turn. */
  @Test
  void lock_manyThreads_neverOverlapAndAllEnd() throws Exception {
    long seed = 42;
    AtomicInteger[] readers = counters();
    AtomicInteger[] writers = counters();
    AtomicInteger broken = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 8; t++) {
        Random random = new Random(seed + t);
        all.add(
            threads.submit(() -> {
              for (int i = 0; i < 300; i++) {
                Set<SectorFileType> write = pick(random, 0.2);
                Set<SectorFileType> read = pick(random, 0.4);
                read.removeAll(write);
                if (read.isEmpty() && write.isEmpty()) {
                  continue;
                }
                try (var _ = locks.lock(SECTOR, read, write)) {
                  write.forEach(w -> writers[w.ordinal()].incrementAndGet());
                  read.forEach(r -> readers[r.ordinal()].incrementAndGet());
                  LockSupport.parkNanos(1000);
                  for (SectorFileType w : write) {
                    if (writers[w.ordinal()].get() != 1 || readers[w.ordinal()].get() != 0) {
                      broken.incrementAndGet();
                    }
                  }
                  write.forEach(w -> writers[w.ordinal()].decrementAndGet());
                  read.forEach(r -> readers[r.ordinal()].decrementAndGet());
                }
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get(20, TimeUnit.SECONDS);
      }
    }
    assertThat(broken).as("seed %d", seed).hasValue(0);
    assertThat(locks.list()).isEmpty();
  }

  private Future<?> start(
      ExecutorService threads,
      Set<SectorFileType> read,
      Set<SectorFileType> write,
      String name,
      List<String> order) {
    CountDownLatch running = new CountDownLatch(1);
    Thread[] thread = new Thread[1];
    Future<?> future =
        threads.submit(() -> {
          thread[0] = Thread.currentThread();
          running.countDown();
          try (var _ = locks.lock(SECTOR, read, write)) {
            synchronized (order) {
              order.add(name);
            }
          }
          return null;
        });
    try {
      running.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    while (thread[0].getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return future;
  }

  private boolean closed(SectorLocks.Held held) {
    held.close();
    return true;
  }

  private static AtomicInteger[] counters() {
    AtomicInteger[] counters = new AtomicInteger[SectorFileType.values().length];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new AtomicInteger();
    }
    return counters;
  }

  private static Set<SectorFileType> pick(Random random, double share) {
    EnumSet<SectorFileType> picked = EnumSet.noneOf(SectorFileType.class);
    for (SectorFileType type : SectorFileType.values()) {
      if (random.nextDouble() < share) {
        picked.add(type);
      }
    }
    return picked;
  }
}
