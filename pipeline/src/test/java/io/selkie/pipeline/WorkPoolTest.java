package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.pipeline.WorkPool.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
final class WorkPoolTest {

  private static final SectorRecord WITH_DEALS = SampleSectors.full("PreCommit1");
  private static final SectorRecord EMPTY = WITH_DEALS.withPieces(List.of());

  @Test
  void run_whenFull_letsSectorsWithDealsGoFirst() throws Exception {
    WorkPool pool = new WorkPool(Map.of());
    CountDownLatch gate = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    threads.add(start(pool, EMPTY, order, "running", gate));
    while (order.isEmpty()) {
      Thread.onSpinWait();
    }
    threads.add(start(pool, EMPTY, order, "empty", gate));
    while (pool.waiting(Task.PRE_COMMIT_1) < 1) {
      Thread.onSpinWait();
    }
    threads.add(start(pool, WITH_DEALS, order, "with deals", gate));
    while (pool.waiting(Task.PRE_COMMIT_1) < 2) {
      Thread.onSpinWait();
    }
    gate.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(order).containsExactly("running", "with deals", "empty");
  }

  @Test
  void slots_madeMoreAndFewer_letInAsManyAsThereAre() throws Exception {
    WorkPool pool = new WorkPool(Map.of(Task.PRE_COMMIT_1, 2));
    CountDownLatch gate = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      threads.add(start(pool, EMPTY, order, "job " + i, gate));
    }
    await(() -> pool.waiting(Task.PRE_COMMIT_1) == 4);
    pool.resize(Task.PRE_COMMIT_1, 5);
    await(() -> pool.waiting(Task.PRE_COMMIT_1) == 1 && order.size() == 5);
    assertThat(pool.slots(Task.PRE_COMMIT_1)).isEqualTo(5);
    assertThat(pool.limit(Task.PRE_COMMIT_1)).as("its own").isEqualTo(2);
    pool.resize(Task.PRE_COMMIT_1, 1);
    threads.add(start(pool, EMPTY, order, "one more", gate));
    await(() -> pool.waiting(Task.PRE_COMMIT_1) == 2);
    assertThat(order).as("what runs goes on, and nobody else begins").hasSize(5);
    gate.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(order).hasSize(7);
    assertThat(pool.slots(Task.PRE_COMMIT_1)).isOne();
  }

  @Test
  void slots_beyondTheLimit_areRefused() {
    WorkPool pool = new WorkPool(Map.of());
    pool.resize(Task.COMMIT, 1 + WorkPool.MAX_MORE);
    assertThatThrownBy(() -> pool.resize(Task.COMMIT, 2 + WorkPool.MAX_MORE))
        .hasMessage("258 slots for COMMIT, expected 1 to 257");
    assertThatThrownBy(() -> pool.resize(Task.COMMIT, 0)).hasMessageContaining("0 slots");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  @Test
  void run_interrupted_interruptsTheWorkAndWaitsForItsEnd() throws Exception {
    WorkPool pool = new WorkPool(Map.of());
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch thrown = new CountDownLatch(1);
    Thread caller =
        Thread.startVirtualThread(() -> {
          try {
            pool.run(Task.COMMIT, EMPTY, () -> sleep(running, ended));
          } catch (InterruptedException _) {
            assertThat(ended.getCount()).isZero();
            thrown.countDown();
          } catch (SealFault e) {
            throw new AssertionError(e);
          }
        });
    running.await();
    caller.interrupt();
    thrown.await();
    assertThat(pool.run(Task.COMMIT, EMPTY, () -> "free again")).isEqualTo("free again");
  }

  @Test
  void run_faultsAndBugs_comeThroughAsTheyAre() {
    WorkPool pool = new WorkPool(Map.of());
    assertThatThrownBy(() ->
            pool.run(
                Task.FINALIZE,
                EMPTY,
                () -> {
                  throw new SealFault(SealFault.Kind.IO, "disk");
                }))
        .isInstanceOf(SealFault.class)
        .hasMessage("disk");
    assertThatThrownBy(() ->
            pool.run(
                Task.FINALIZE,
                EMPTY,
                () -> {
                  throw new IllegalStateException("bug");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("bug");
  }

  private static String sleep(CountDownLatch running, CountDownLatch ended) throws SealFault {
    running.countDown();
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException e) {
      ended.countDown();
      throw new SealFault(SealFault.Kind.CANCELLED, "interrupted", e);
    }
  }

  private static Thread start(
      WorkPool pool, SectorRecord sector, List<String> order, String name, CountDownLatch gate) {
    return Thread.startVirtualThread(() -> {
      try {
        pool.run(
            Task.PRE_COMMIT_1,
            sector,
            () -> {
              order.add(name);
              try {
                gate.await();
              } catch (InterruptedException e) {
                throw new SealFault(SealFault.Kind.CANCELLED, "interrupted", e);
              }
              return name;
            });
      } catch (SealFault | InterruptedException e) {
        throw new AssertionError(e);
      }
    });
  }
}
