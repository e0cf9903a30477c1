package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
final class MachineThreadsTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final WorkThreads threads = WorkThreads.ofThisMachine();

  @Test
  void start_afterARunThatGoesOn_waitsForItsEndThoughInterrupted() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch gate = new CountDownLatch(1);
    WorkThreads.Run first =
        threads.start(
            "first",
            null,
            () -> {
              awaitIgnoringInterrupts(gate);
              order.add("first");
            });
    WorkThreads.Run second =
        threads.start(
            "second",
            first,
            () -> order.add(threads.interrupted() ? "second interrupted" : "second"));
    second.interrupt();
    assertThat(second.join(Duration.ofMillis(20))).isFalse();
    gate.countDown();
    assertThat(second.join(LONG)).isTrue();
    assertThat(order).containsExactly("first", "second interrupted");
  }

  @Test
  void start_ofOneAfterTheOther_keepsNoRunThatEnded() throws Exception {
    WorkThreads.Run first = threads.start("first", null, () -> {});
    WeakReference<WorkThreads.Run> seen = new WeakReference<>(first);
    WorkThreads.Run second = threads.start("second", first, () -> {});
    first = second;
    assertThat(first.join(LONG)).isTrue();
    while (seen.get() != null) {
      System.gc();
    }
    assertThat(seen.get()).isNull();
  }

  private static void awaitIgnoringInterrupts(CountDownLatch gate) {
    boolean open = false;
    while (!open) {
      try {
        gate.await();
        open = true;
      } catch (InterruptedException _) {
        // The one it waits for matters more here.
      }
    }
  }
}
