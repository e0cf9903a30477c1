package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.selkie.abi.ActorId;
import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.RetryPolicy;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.unseal.UnsealJob;
import io.selkie.pipeline.unseal.UnsealJobs;
import io.selkie.pipeline.unseal.UnsealRefused;
import io.selkie.pipeline.unseal.UnsealRequest;
import io.selkie.pipeline.unseal.UnsealState;
import io.selkie.testkit.FakeSealer.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of unsealing jobs, on fakes. */
final class UnsealJobsTest {

  private static final ActorId MINER = new ActorId(1000);
  private static final Commitment COMM_D = FakeSealer.commitmentOf(new byte[] {1});
  private static final int BUDGET = 3;

  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_795_376_000));
  private final FakeSealer sealer = new FakeSealer();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<Throwable> journalFailure = new AtomicReference<>();
  private InMemoryJournal journal = new InMemoryJournal();
  private UnsealJobs jobs = started();

  private UnsealJobs started() {
    RetryPolicy retry = new RetryPolicy(Duration.ofMinutes(1), Duration.ofMinutes(4), 0, BUDGET);
    SealingConfig config =
        SealingConfig.defaults().withUnsealing(new SealingConfig.Unsealing(1, retry));
    PipelineListener listener =
        new PipelineListener() {
          @Override
          public void unsealing(UnsealJob job) {
            told.add(job.id() + " " + job.state().wireName());
          }

          @Override
          public void journalFailed(Throwable cause) {
            journalFailure.set(cause);
          }
        };
    UnsealJobs made =
        new UnsealJobs(
            new PipelineParts(
                MINER,
                journal,
                new FakeChain(MINER, SectorSize.KIB_2, 2000),
                sealer,
                new WorkPool(Map.of()),
                clock,
                new SeededRandom(1),
                () -> config,
                listener));
    try {
      made.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return made;
  }

  /** The process dies and comes back with what the journal holds. */
  private void restart() {
    InMemoryJournal survived = journal.reopened();
    jobs.close();
    journal = survived;
    jobs = started();
  }

  @AfterEach
  void stop() {
    jobs.close();
  }

  private static SectorRef sector(long number) {
    return new SectorRef(
        new SectorId(MINER, new io.selkie.abi.SectorNumber(number)),
        RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  }

  private static UnsealRequest wanted(long number, int priority, String who) {
    SectorRef ref = sector(number);
    return new UnsealRequest(
        ref, OpaqueBytes.of(new byte[32]), COMM_D, UnsealRequest.whole(ref), priority, who);
  }

  private UnsealJob job(long id) {
    return jobs.status(id).orElseThrow();
  }

  private void untilState(long id, UnsealState state) {
    await().untilAsserted(() -> assertThat(job(id).state()).isEqualTo(state));
  }

  private void untilCalls(int count) {
    await().untilAsserted(() -> assertThat(sealer.calls()).hasSize(count));
  }

  @Test
  void request_untilItsEnd_isRecordedAtEveryStep() throws Exception {
    CountDownLatch gate = sealer.gate(Step.UNSEAL);
    long id = jobs.request(wanted(3, 0, "a")).id();
    untilCalls(1);
    UnsealJob running = job(id);
    assertThat(running.state()).isEqualTo(UnsealState.RUNNING);
    assertThat(running.progress()).isEqualTo(new UnsealJob.Reached("labels", 1, 2));
    assertThat(journal.values("unseal/").values())
        .singleElement()
        .extracting(stored -> new String(stored, StandardCharsets.UTF_8))
        .asString()
        .contains("\"State\":\"Running\"");
    gate.countDown();
    UnsealJob done = jobs.await(id).orElseThrow();
    assertThat(done.state()).isEqualTo(UnsealState.DONE);
    assertThat(done.lastError()).isEmpty();
    assertThat(done.tries()).isEqualTo(new UnsealJob.Tries(1, 0));
    // Who waits is woken before the listener is told.
    await()
        .untilAsserted(() -> assertThat(told).containsExactly("1 Queued", "1 Running", "1 Done"));
    assertThat(jobs.await(id)).contains(done);
  }

  @Test
  void request_ofTheSame_joinsTheJobAndRaisesItsPriority() throws Exception {
    CountDownLatch gate = sealer.gate(Step.UNSEAL);
    UnsealJob first = jobs.request(wanted(3, 1, "a"));
    UnsealJob second = jobs.request(wanted(3, 5, "b"));
    UnsealJob third = jobs.request(wanted(3, 2, "a"));
    assertThat(List.of(second.id(), third.id())).containsOnly(first.id());
    assertThat(third.request().priority()).isEqualTo(5);
    assertThat(third.requestedBy()).containsExactly("a", "b");
    gate.countDown();
    assertThat(jobs.await(first.id()).orElseThrow().state()).isEqualTo(UnsealState.DONE);
    assertThat(sealer.calls()).hasSize(1);
    assertThat(jobs.request(wanted(3, 0, "a")).id()).as("after its end").isNotEqualTo(first.id());
  }

  @Test
  void request_withAnotherTicketOrCommD_isAJobOfItsOwnAndWaitsForTheSector() throws Exception {
    CountDownLatch gate = sealer.gate(Step.UNSEAL);
    UnsealRequest right = wanted(3, 0, "a");
    long first = jobs.request(right).id();
    untilCalls(1);
    UnsealRequest wrong =
        new UnsealRequest(
            right.sector(), OpaqueBytes.of(new byte[1]), COMM_D, right.range(), 9, "b");
    long second = jobs.request(wrong).id();
    assertThat(second).isNotEqualTo(first);
    assertThat(job(second).state()).isEqualTo(UnsealState.QUEUED);
    gate.countDown();
    untilState(second, UnsealState.DONE);
    assertThat(job(first).state()).isEqualTo(UnsealState.DONE);
  }

  @Test
  void waitingJobs_goByPriorityThenByAge() throws Exception {
    CountDownLatch gate = sealer.gate(Step.UNSEAL);
    jobs.request(wanted(1, 0, "a"));
    untilCalls(1);
    jobs.request(wanted(2, 0, "a"));
    jobs.request(wanted(3, 7, "a"));
    jobs.request(wanted(4, 7, "a"));
    long last = jobs.request(wanted(5, -1, "a")).id();
    gate.countDown();
    untilState(last, UnsealState.DONE);
    assertThat(sealer.calls())
        .containsExactly(
            "UNSEAL s-t01000-1",
            "UNSEAL s-t01000-3",
            "UNSEAL s-t01000-4",
            "UNSEAL s-t01000-2",
            "UNSEAL s-t01000-5");
  }

  @Test
  void restart_queuedAndRunning_goOnAndKeepTheirIds() throws Exception {
    CountDownLatch gate = sealer.gate(Step.UNSEAL);
    long running = jobs.request(wanted(1, 3, "a")).id();
    untilCalls(1);
    long queued = jobs.request(wanted(2, 0, "b")).id();
    restart();
    assertThat(job(queued).requestedBy()).containsExactly("b");
    untilCalls(2);
    gate.countDown();
    untilState(running, UnsealState.DONE);
    untilState(queued, UnsealState.DONE);
    assertThat(job(running).tries()).isEqualTo(new UnsealJob.Tries(2, 0));
    assertThat(job(running).request().priority()).isEqualTo(3);
    restart();
    assertThat(job(queued).state()).isEqualTo(UnsealState.DONE);
    assertThat(jobs.request(wanted(1, 0, "a")).id()).isEqualTo(queued + 1);
  }

  @Test
  void fullDisk_isTriedAgainWithPausesOverARestartUntilTheBudgetIsSpent() throws Exception {
    for (int i = 0; i < BUDGET; i++) {
      sealer.failNext(Step.UNSEAL, SealFault.Kind.NO_SPACE);
    }
    long id = jobs.request(wanted(1, 0, "a")).id();
    await().untilAsserted(() -> assertThat(job(id).tries().failed()).isEqualTo(1));
    assertThat(job(id).state()).isEqualTo(UnsealState.QUEUED);
    assertThat(job(id).times().nextTry()).contains(clock.instant().plus(Duration.ofMinutes(1)));
    clock.advance(Duration.ofSeconds(59));
    restart();
    assertThat(sealer.calls()).hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    await().untilAsserted(() -> assertThat(job(id).tries().failed()).isEqualTo(2));
    assertThat(job(id).times().nextTry()).contains(clock.instant().plus(Duration.ofMinutes(2)));
    clock.advance(Duration.ofMinutes(2));
    untilState(id, UnsealState.FAILED);
    assertThat(job(id).lastError()).isEqualTo("injected into UNSEAL (gave up after 3 tries)");
    assertThat(sealer.calls()).hasSize(BUDGET);
  }

  @Test
  void faultThatPasses_endsDone() throws Exception {
    sealer.failNext(Step.UNSEAL, SealFault.Kind.IO);
    sealer.failNext(Step.UNSEAL, SealFault.Kind.UNREACHABLE);
    long id = jobs.request(wanted(1, 0, "a")).id();
    await().untilAsserted(() -> assertThat(job(id).tries().failed()).isEqualTo(1));
    clock.advance(Duration.ofMinutes(1));
    await().untilAsserted(() -> assertThat(job(id).tries().failed()).isEqualTo(2));
    clock.advance(Duration.ofMinutes(2));
    untilState(id, UnsealState.DONE);
    assertThat(job(id).tries()).isEqualTo(new UnsealJob.Tries(3, 2));
  }

  @Test
  void damageAndBugs_endAtOnceAndLeaveTheOthersAlone() throws Exception {
    sealer.failNext(Step.UNSEAL, SealFault.Kind.DAMAGED_FILE);
    long damaged = jobs.request(wanted(1, 0, "a")).id();
    untilState(damaged, UnsealState.FAILED);
    assertThat(job(damaged).lastError()).isEqualTo("injected into UNSEAL");
    sealer.breakNext(Step.UNSEAL, new IllegalStateException("a bug"));
    long broken = jobs.request(wanted(2, 0, "a")).id();
    untilState(broken, UnsealState.FAILED);
    assertThat(job(broken).lastError()).contains("a bug");
    long fine = jobs.request(wanted(3, 0, "a")).id();
    untilState(fine, UnsealState.DONE);
  }

  @Test
  void cancel_runningJob_interruptsItAndTellsWhoWaits() throws Exception {
    sealer.gate(Step.UNSEAL);
    long running = jobs.request(wanted(1, 0, "a")).id();
    untilCalls(1);
    long queued = jobs.request(wanted(2, 0, "a")).id();
    AtomicReference<UnsealJob> end = new AtomicReference<>();
    Thread waiter =
        Thread.startVirtualThread(() -> {
          try {
            end.set(jobs.await(running).orElseThrow());
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(jobs.cancel(queued).orElseThrow().state()).isEqualTo(UnsealState.CANCELLED);
    assertThat(jobs.cancel(running).orElseThrow().lastError()).isEqualTo("cancelled");
    waiter.join();
    assertThat(end.get().state()).isEqualTo(UnsealState.CANCELLED);
    assertThat(jobs.cancel(99)).isEmpty();
    long next = jobs.request(wanted(3, 0, "a")).id();
    untilCalls(2);
    assertThat(sealer.calls()).last().isEqualTo("UNSEAL s-t01000-3");
    restart();
    assertThat(job(running).state()).isEqualTo(UnsealState.CANCELLED);
    assertThat(job(next).state().isFinished()).isFalse();
  }

  @Test
  void waiter_whoLeaves_doesNotEndTheJob() throws Exception {
    CountDownLatch gate = sealer.gate(Step.UNSEAL);
    long id = jobs.request(wanted(1, 0, "a")).id();
    CountDownLatch left = new CountDownLatch(1);
    Thread waiter =
        Thread.startVirtualThread(() -> {
          try {
            jobs.await(id);
          } catch (InterruptedException e) {
            left.countDown();
          }
        });
    untilCalls(1);
    waiter.interrupt();
    left.await();
    gate.countDown();
    untilState(id, UnsealState.DONE);
  }

  @Test
  void sectorBeingRemoved_takesItsJobBack() throws Exception {
    sealer.gate(Step.UNSEAL);
    long id = jobs.request(wanted(1, 0, "a")).id();
    long other = jobs.request(wanted(2, 0, "a")).id();
    untilCalls(1);
    jobs.sectorRemoved(sector(1).id());
    assertThat(job(id).state()).isEqualTo(UnsealState.CANCELLED);
    assertThat(job(id).lastError()).isEqualTo("sector 1 is being removed");
    untilState(other, UnsealState.RUNNING);
  }

  @Test
  void request_ofARemovedSector_isTakenBackBeforeAnythingIsDone() throws Exception {
    SectorId removed = sector(1).id();
    journal.append(
        List.of(
            new Entry(
                removed,
                1,
                clock.instant(),
                "event",
                "",
                "",
                new byte[0],
                new Snapshot(removed, 1, "Removing", new byte[0], Optional.empty(), List.of()))));
    long id = jobs.request(wanted(1, 0, "a")).id();
    untilState(id, UnsealState.CANCELLED);
    assertThat(sealer.calls()).isEmpty();
  }

  @Test
  void range_thatIsThere_needsNoWork() throws Exception {
    SectorRef ref = sector(1);
    UnsealRequest part = wanted(1, 0, "a").withRange(new UnpaddedRange(127, 254));
    assertThat(jobs.await(jobs.request(part).id()).orElseThrow().state())
        .isEqualTo(UnsealState.DONE);
    assertThat(sealer.calls()).as("absent at first").hasSize(1);
    assertThat(sealer.isUnsealed(ref, part.range())).isTrue();
    assertThat(jobs.await(jobs.request(part).id()).orElseThrow().state())
        .isEqualTo(UnsealState.DONE);
    assertThat(sealer.calls()).as("present then").hasSize(1);
    for (UnpaddedRange odd :
        List.of(
            new UnpaddedRange(1, 127),
            new UnpaddedRange(0, 126),
            new UnpaddedRange(0, 0),
            new UnpaddedRange(-127, 127),
            new UnpaddedRange(1905, 254),
            new UnpaddedRange(0, Long.MAX_VALUE / 127 * 127))) {
      assertThatThrownBy(() -> jobs.request(part.withRange(odd)))
          .as(odd.toString())
          .isInstanceOf(UnsealRefused.class)
          .hasMessageContaining("of sector 1");
    }
  }

  @Test
  void endedJobs_areForgottenAfterAWeekButForTheNewest() throws Exception {
    long first = jobs.request(wanted(1, 0, "a")).id();
    untilState(first, UnsealState.DONE);
    clock.advance(Duration.ofDays(8));
    long second = jobs.request(wanted(2, 0, "a")).id();
    untilState(second, UnsealState.DONE);
    assertThat(jobs.status(first)).isEmpty();
    clock.advance(Duration.ofDays(8));
    restart();
    assertThat(jobs.list()).extracting(UnsealJob::id).containsExactly(second);
    assertThat(journal.values("unseal/")).hasSize(1);
  }

  @Test
  void recordThatCannotBeRead_isNamedAndBlocksNothing() throws Exception {
    long fine = jobs.request(wanted(1, 0, "a")).id();
    untilState(fine, UnsealState.DONE);
    byte[] junk = "{\"V\":1,\"ID\":2}".getBytes(StandardCharsets.UTF_8);
    journal.putValue("unseal/0000000000000000002", Optional.of(junk));
    restart();
    assertThat(jobs.status(2)).isEmpty();
    assertThat(jobs.damage(2)).isPresent();
    assertThat(jobs.list()).extracting(UnsealJob::id).containsExactly(fine);
    assertThat(jobs.request(wanted(1, 0, "a")).id()).isEqualTo(3);
    assertThat(journal.getValue("unseal/0000000000000000002")).contains(junk);
  }

  @Test
  void journalThatCannotBeWritten_startsNothingAndIsReportedOnce() {
    journal.failAfter(0);
    assertThatThrownBy(() -> jobs.request(wanted(1, 0, "a")))
        .hasMessageContaining("the journal cannot be written");
    assertThat(journalFailure.get()).isInstanceOf(IOException.class);
    assertThat(sealer.calls()).isEmpty();
    assertThat(jobs.list()).isEmpty();
  }
}
