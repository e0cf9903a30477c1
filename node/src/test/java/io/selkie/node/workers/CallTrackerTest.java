package io.selkie.node.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallTrackerTest {

  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final SectorRef SECTOR =
      new SectorRef(SectorId.of(1000, 7), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  private static final Work WORK = Work.of(TaskType.PRE_COMMIT_1, SECTOR, List.of("\"ab\""));
  private static final CallId CALL =
      new CallId(new WireSectorId(1000, 7), UUID.nameUUIDFromBytes(new byte[] {1}));
  private static final UUID SESSION = UUID.nameUUIDFromBytes(new byte[] {2});

  @TempDir Path directory;
  private SqliteJournal journal;
  private CallTracker tracker;

  @BeforeEach
  void open() throws IOException {
    journal = SqliteJournal.open(directory.resolve("journal.db"));
    tracker = at(NOW);
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
  }

  private CallTracker at(Instant now) throws IOException {
    return new CallTracker(journal, InstantSource.fixed(now));
  }

  private WorkerCall started(boolean durable) throws IOException, RpcFault {
    return tracker.started(WORK, CALL, SESSION, "host", LIMIT, durable);
  }

  private static CallResult bytes(String text) {
    return new CallResult.Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Optional<CallResult> result) {
    assertThat(result).get().isInstanceOf(CallResult.Bytes.class);
    return new String(((CallResult.Bytes) result.orElseThrow()).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void answer_second_isRefusedAndTheFirstCounts() throws Exception {
    WorkerCall call = started(true);
    tracker.returned(CALL, bytes("first"));
    assertThatThrownBy(() -> tracker.returned(CALL, bytes("second")))
        .isInstanceOf(RpcFault.class)
        .hasMessage("result for call seal/v0/precommit/1([[1000,7,5,\"ab\"]]) already reported");
    assertThat(tracker.returnedWork()).containsExactly(WORK.toString());
    assertThat(text(tracker.await(call))).isEqualTo("first");
    assertThat(tracker.calls()).isEmpty();
    assertThat(journal.values("workers/")).isEmpty();
  }

  @Test
  void answer_toAnUnknownCall_isTakenOnceAndWaitsForItsCall() throws Exception {
    tracker.returned(CALL, bytes("early"));
    assertThat(tracker.earlyReturns()).containsExactly("1000-7-" + CALL.id());
    assertThatThrownBy(() -> tracker.returned(CALL, bytes("again")))
        .hasMessage("callRes channel already has a response");
    assertThat(text(tracker.await(started(false)))).isEqualTo("early");
    assertThat(tracker.earlyReturns()).isEmpty();
  }

  @Test
  void answers_toUnknownCalls_areForgottenBeyondTheLimit() throws Exception {
    for (int i = 0; i <= CallTracker.MAX_EARLY; i++) {
      tracker.returned(new CallId(CALL.sector(), new UUID(1, i)), bytes("x"));
    }
    assertThat(tracker.earlyReturns()).hasSize(CallTracker.MAX_EARLY);
    assertThatCode(() -> tracker.returned(new CallId(CALL.sector(), new UUID(1, 0)), bytes("x")))
        .doesNotThrowAnyException();
  }

  @Test
  void call_underWayAtARestart_isFoundAgainAndAnswered() throws Exception {
    WorkerCall before = started(true);
    CallTracker next = at(NOW.plusSeconds(60));
    WorkerCall call = next.underWay(WORK).orElseThrow();
    assertThat(call.isAdopted()).isTrue();
    assertThat(before.isAdopted()).isFalse();
    assertThat(call.hostname()).isEqualTo("host");
    assertThat(call.startedAt()).isEqualTo(NOW);
    assertThat(call.deadline()).isEqualTo(NOW.plus(LIMIT));
    assertThat(next.callToWork()).containsEntry("1000-7-" + CALL.id(), WORK.toString());
    assertThat(next.waiting()).containsExactly(WORK.toString());
    next.returned(CALL, bytes("late"));
    assertThat(text(next.await(call))).isEqualTo("late");
  }

  @Test
  void result_thatCameBeforeARestart_isNotLost() throws Exception {
    started(true);
    tracker.returned(CALL, bytes("done"));
    CallTracker next = at(NOW.plusSeconds(60));
    assertThat(text(next.await(next.underWay(WORK).orElseThrow()))).isEqualTo("done");
  }

  @Test
  void failure_overARestart_keepsItsCode() throws Exception {
    started(true);
    tracker.returned(CALL, new CallResult.Failed(new CallError(101, "restarted")));
    CallTracker next = at(NOW);
    assertThat(next.await(next.underWay(WORK).orElseThrow()))
        .contains(new CallResult.Failed(new CallError(101, "restarted")));
  }

  @Test
  void call_overItsLimit_isGivenUpNowOrAtTheNextStart() throws Exception {
    started(true);
    CallTracker late = at(NOW.plus(LIMIT));
    assertThat(late.underWay(WORK)).isEmpty();
    assertThat(journal.values("workers/")).isEmpty();

    tracker = at(NOW);
    WorkerCall call = started(true);
    CallTracker another = at(NOW.plus(LIMIT).minusMillis(1));
    WorkerCall same = another.underWay(WORK).orElseThrow();
    assertThat(another.await(same)).as("nobody answers").isEmpty();
    assertThat(another.underWay(WORK)).isEmpty();
    tracker.forget(call);
  }

  @Test
  void call_thatIsNotDurable_isForgottenAtARestart() throws Exception {
    started(false);
    assertThat(at(NOW).calls()).isEmpty();
  }

  @Test
  void record_thatCannotBeRead_isDropped() throws Exception {
    journal.putValue("workers/calls/x", Optional.of(new byte[] {1, 2, 3}));
    journal.putValue(
        "workers/calls/y", Optional.of("{\"task\":\"?\"}".getBytes(StandardCharsets.UTF_8)));
    assertThat(at(NOW).calls()).isEmpty();
    assertThat(journal.values("workers/")).isEmpty();
  }

  @Test
  void abort_ofACall_endsItWithAnError() throws Exception {
    WorkerCall call = started(true);
    tracker.abort(CALL);
    assertThat(tracker.await(call))
        .contains(new CallResult.Failed(new CallError(0, "task aborted")));
  }

  @Test
  void lostWorker_callsOfIt_failForNow() throws Exception {
    WorkerCall call = started(true);
    tracker.lost(UUID.randomUUID(), "another");
    assertThat(call.end).isNotDone();
    tracker.lost(SESSION, "is gone");
    assertThat(tracker.await(call)).contains(new CallResult.Failed(new CallError(100, "is gone")));
  }

  @Test
  void answer_afterTheCallHasEnded_isTakenAsOftenAsItComesAndKeptNowhere() throws Exception {
    WorkerCall call = started(true);
    tracker.returned(CALL, bytes("first"));
    assertThat(tracker.await(call)).isPresent();
    for (int i = 0; i < 3; i++) {
      tracker.returned(CALL, bytes("again"));
    }
    assertThat(tracker.earlyReturns()).isEmpty();
    assertThat(journal.values("workers/")).isEmpty();
  }

  @Test
  void answers_toUnknownCalls_areForgottenBeyondTheirBytes() throws Exception {
    CallResult large = new CallResult.Bytes(new byte[(int) CallTracker.MAX_EARLY_BYTES / 2 + 1]);
    tracker.returned(new CallId(CALL.sector(), new UUID(1, 1)), large);
    tracker.returned(new CallId(CALL.sector(), new UUID(1, 2)), large);
    assertThat(tracker.earlyReturns()).containsExactly("1000-7-" + new UUID(1, 2));
    tracker.returned(CALL, bytes("x"));
    assertThat(tracker.earlyReturns()).hasSize(2);
  }

  @Test
  void call_byANameThatIsTaken_isRefusedAndTheFirstKeepsItsResult() throws Exception {
    WorkerCall call = started(true);
    Work other = Work.of(TaskType.PRE_COMMIT_2, SECTOR, List.of());
    assertThatThrownBy(() -> tracker.started(other, CALL, UUID.randomUUID(), "thief", LIMIT, true))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("name of another");
    tracker.returned(CALL, bytes("mine"));
    assertThat(text(tracker.await(call))).isEqualTo("mine");
    assertThatThrownBy(() -> started(true)).hasMessageContaining("name of another");
  }

  @Test
  void call_byANameOfAnotherSector_isRefused() {
    CallId foreign = new CallId(new WireSectorId(1000, 8), CALL.id());
    assertThatThrownBy(() -> tracker.started(WORK, foreign, SESSION, "host", LIMIT, true))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("1000-8-");
    assertThat(tracker.calls()).isEmpty();
  }

  @Test
  void result_thatCannotBeRecorded_isNotTakenAndComesAgain() throws Exception {
    WorkerCall call = started(true);
    journal.close();
    assertThatThrownBy(() -> tracker.returned(CALL, bytes("once")))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("cannot be recorded");
    assertThat(call.end).isNotDone();
    journal = SqliteJournal.open(directory.resolve("journal.db"));
    tracker = at(NOW.plusSeconds(1));
    tracker.returned(CALL, bytes("again"));
    assertThat(text(tracker.await(tracker.underWay(WORK).orElseThrow()))).isEqualTo("again");
  }

  @Test
  void result_beforeALongRestart_isStillThere() throws Exception {
    started(true);
    tracker.returned(CALL, bytes("done"));
    CallTracker late = at(NOW.plus(LIMIT).plus(Duration.ofDays(1)));
    assertThat(text(late.await(late.underWay(WORK).orElseThrow()))).isEqualTo("done");
  }

  @Test
  void result_thatNobodyWants_isDroppedInTheEnd() throws Exception {
    started(true);
    tracker.returned(CALL, bytes("done"));
    assertThat(at(NOW.plus(LIMIT).plus(CallTracker.KEPT)).calls()).isEmpty();
    assertThat(journal.values("workers/")).isEmpty();
  }

  @Test
  void loss_ofAWorker_isKnownAfterARestart() throws Exception {
    started(true);
    tracker.lost(SESSION, "is gone");
    CallTracker next = at(NOW);
    assertThat(next.await(next.underWay(WORK).orElseThrow()))
        .contains(new CallResult.Failed(new CallError(100, "is gone")));
  }

  @Test
  void wait_thatIsInterrupted_forgetsOnlyWhatCannotBeAskedForAgain() throws Exception {
    for (boolean durable : List.of(true, false)) {
      CallId id = new CallId(CALL.sector(), UUID.randomUUID());
      WorkerCall call = tracker.started(WORK, id, SESSION, "host", Duration.ofDays(99), durable);
      CallTracker waiting = tracker;
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> waiting.await(call)).isInstanceOf(InterruptedException.class);
      assertThat(tracker.underWay(WORK).isPresent()).isEqualTo(durable);
      tracker.forget(call);
    }
  }

  @Test
  void work_withLongParameters_isKnownByTheirDigest() {
    Work work = Work.of(TaskType.COMMIT_2, SECTOR, List.of("x".repeat(300)));
    assertThat(work.params()).hasSize(64).matches("[0-9a-f]+");
    assertThat(work).isEqualTo(Work.of(TaskType.COMMIT_2, SECTOR, List.of("x".repeat(300))));
    assertThat(work).isNotEqualTo(Work.of(TaskType.COMMIT_2, SECTOR, List.of("x".repeat(301))));
  }
}
