package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.WorkPool.Job;
import io.selkie.pipeline.WorkPool.Task;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class WorkPoolJobsTest {

  private static final Instant NOW = Instant.ofEpochSecond(1000);
  private static final SectorId FIRST = SectorId.of(1000, 1);
  private static final SectorId SECOND = SectorId.of(1000, 2);

  private final WorkPool pool =
      new WorkPool(Map.of(), WorkThreads.ofThisMachine(), InstantSource.fixed(NOW));
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);

  private FutureTask<Boolean> start(SectorId sector) {
    FutureTask<Boolean> call =
        new FutureTask<>(() -> pool.run(Task.PRE_COMMIT_1, sector, false, this::untilInterrupted));
    Thread.ofVirtual().start(call);
    return call;
  }

  private boolean untilInterrupted() throws SealFault {
    started.countDown();
    try {
      never.await();
      return true;
    } catch (InterruptedException ended) {
      throw new SealFault(SealFault.Kind.CANCELLED, "interrupted", ended);
    }
  }

  @Test
  void job_runningAndWaiting_areListedAndEndWhenAborted() throws Exception {
    FutureTask<Boolean> running = start(FIRST);
    started.await();
    FutureTask<Boolean> waiting = start(SECOND);
    while (pool.waiting(Task.PRE_COMMIT_1) == 0) {
      Thread.sleep(1);
    }
    assertThat(pool.jobs())
        .containsExactly(
            new Job(1, Task.PRE_COMMIT_1, FIRST, false, Optional.of(NOW)),
            new Job(2, Task.PRE_COMMIT_1, SECOND, false, Optional.empty()));

    assertThat(pool.abort(2)).isTrue();
    assertThatThrownBy(waiting::get).hasMessageContaining("s-t01000-2 was aborted by an operator");
    assertThat(pool.jobs()).extracting(Job::id).containsExactly(1L);

    assertThat(pool.abort(1)).isTrue();
    assertThatThrownBy(running::get)
        .cause()
        .isInstanceOfSatisfying(
            SealFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(SealFault.Kind.BAD_REQUEST));
    assertThat(pool.jobs()).isEqualTo(List.of());
    assertThat(pool.abort(1)).isFalse();
  }

  @Test
  void caller_interruptedByOthers_isNotTakenForAborted() throws Exception {
    FutureTask<Boolean> call =
        new FutureTask<>(() -> pool.run(Task.PRE_COMMIT_1, FIRST, false, this::untilInterrupted));
    Thread thread = Thread.ofVirtual().start(call);
    started.await();
    thread.interrupt();
    assertThatThrownBy(call::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(pool.jobs()).isEmpty();
  }
}
