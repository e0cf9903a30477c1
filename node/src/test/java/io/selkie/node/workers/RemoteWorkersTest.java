package io.selkie.node.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkPool.Task;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.TaskResources;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerJob;
import io.selkie.rpc.api.WorkerPath;
import io.selkie.rpc.api.WorkerResources;
import io.selkie.rpc.api.WorkerStats;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteWorkersTest {

  private static final RegisteredSealProof PROOF = RegisteredSealProof.STACKED_DRG_2KIB_V1_1;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final WorkerTimes QUICK =
      new WorkerTimes(
          Duration.ofMillis(30),
          Duration.ofSeconds(5),
          Duration.ofMillis(120),
          Duration.ZERO,
          Duration.ofHours(1),
          Duration.ofHours(1));

  @TempDir Path directory;
  private SqliteJournal journal;
  private Workers workers;

  @BeforeEach
  void open() throws IOException {
    journal = SqliteJournal.open(directory.resolve("journal.db"));
    workers = workers(WorkerRules.DEFAULT);
  }

  @AfterEach
  void close() throws IOException {
    workers.close();
    journal.close();
  }

  private Workers workers(WorkerRules rules) throws IOException {
    return Workers.open(
        rules, journal, FakeWorker.TOKENS.createForWorkers("test"), Address.Network.TESTNET, QUICK);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private WorkerCall given(UUID session) throws IOException, RpcFault {
    SectorRef sector = new SectorRef(SectorId.of(1000, 3), PROOF);
    return workers.tracker.started(
        Work.of(TaskType.PRE_COMMIT_1, sector, List.of()),
        new CallId(new WireSectorId(1000, 3), UUID.randomUUID()),
        session,
        "fake",
        Duration.ofHours(1),
        true);
  }

  private WorkerJob job(UUID session) {
    return Objects.requireNonNull(workers.jobs().get(session)).getFirst();
  }

  @Test
  void worker_thatAsks_isTakenOnAndShown() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1, TaskType.COMMIT_2)) {
      workers.connect(fake.url());
      workers.connect(fake.url());
      Map<UUID, WorkerStats> all = workers.stats();
      assertThat(all).containsOnlyKeys(fake.session);
      WorkerStats stats = Objects.requireNonNull(all.get(fake.session));
      assertThat(stats.info()).isEqualTo(fake.info());
      assertThat(stats.enabled()).isTrue();
      assertThat(stats.tasks())
          .containsExactlyInAnyOrder("seal/v0/precommit/1", "seal/v0/commit/2");
      assertThat(stats.taskCounts()).isEmpty();
      assertThat(workers.open()).containsExactly(fake.session.toString());
    }
  }

  @Test
  void seats_ofAWorker_areCountedByTheTable() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_2)) {
      fake.machine = new WorkerResources(1L << 30, 0, 0, 0, 4, List.of(), null);
      workers.connect(fake.url());
      RemoteWorker worker = workers.remote.list().getFirst();
      assertThat(worker.fits(TaskType.PRE_COMMIT_2, PROOF)).isTrue();
      assertThat(worker.fits(TaskType.PRE_COMMIT_2, RegisteredSealProof.STACKED_DRG_32GIB_V1_1))
          .as("15 GiB in 1 GiB")
          .isFalse();
      try (var _ = worker.seat(TaskType.PRE_COMMIT_2, PROOF)) {
        assertThat(worker.fits(TaskType.PRE_COMMIT_2, PROOF)).as("3 of 4 cores taken").isFalse();
        assertThat(worker.fits(TaskType.PRE_COMMIT_1, PROOF)).isTrue();
        WorkerStats stats = worker.stats();
        assertThat(stats.cpuUse()).isEqualTo(3);
        assertThat(stats.memUsedMin()).isEqualTo(2048);
        assertThat(stats.taskCounts()).isEqualTo(Map.of("5:seal/v0/precommit/2", 1L));
      }
      assertThat(worker.fits(TaskType.PRE_COMMIT_2, PROOF)).isTrue();
      assertThat(worker.load()).isZero();
    }
  }

  @Test
  void limit_thatAWorkerSets_isKept() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      TaskResources one = new TaskResources(1, 1, 0, 1, 0, 1, 1);
      fake.machine =
          new WorkerResources(
              1L << 30, 0, 0, 0, 4, null, Map.of("seal/v0/precommit/1", Map.of(5L, one)));
      workers.connect(fake.url());
      RemoteWorker worker = workers.remote.list().getFirst();
      try (var _ = worker.seat(TaskType.PRE_COMMIT_1, PROOF)) {
        assertThat(worker.fits(TaskType.PRE_COMMIT_1, PROOF)).isFalse();
      }
    }
  }

  @Test
  void worker_ofAnotherVersion_isRefused() throws Exception {
    try (FakeWorker fake = new FakeWorker()) {
      fake.version = 2 << 16;
      assertThatThrownBy(() -> workers.connect(fake.url()))
          .hasMessage(
              "connecting remote storage failed: unsupported worker api version: 2.0.0"
                  + " (expected 1.7.0)");
      assertThat(workers.stats()).isEmpty();
    }
  }

  @Test
  void address_thatTheRulesForbid_isNotCalled() throws Exception {
    assertThatThrownBy(() -> workers.connect("http://192.0.2.1:1/rpc/v0"))
        .hasMessageStartingWith(
            "connecting remote storage failed: creating jsonrpc client: 192.0.2.1 is not this"
                + " machine");
    assertThatThrownBy(() -> workers.connect("file:///etc/passwd"))
        .hasMessageStartingWith(
            "connecting remote storage failed: creating jsonrpc client: no address");
    assertThatThrownBy(() -> workers.connect("http://127.0.0.1:1/rpc/v0"))
        .hasMessageStartingWith(
            "connecting remote storage failed: creating jsonrpc client: RPC client error");
    try (FakeWorker fake = new FakeWorker();
        Workers none = workers(new WorkerRules(WorkerRules.Reach.NONE, Set.of()))) {
      assertThatThrownBy(() -> none.connect(fake.url())).hasMessageContaining("RemoteWorkers");
    }
  }

  @Test
  void token_ofTheNode_showsWorkersAnAdministratorWhoMayNothingHere() throws Exception {
    String token = FakeWorker.TOKENS.createForWorkers("test");
    assertThat(FakeWorker.TOKENS.verify(token)).contains("admin");
    assertThat(token).isNotEqualTo(FakeWorker.TOKENS.create(io.selkie.rpc.token.Permission.ADMIN));
  }

  @Test
  void worker_thatFallsSilent_isSwitchedOffAndThenLetGo() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      workers.connect(fake.url());
      WorkerCall call = given(fake.session);
      fake.silent = true;
      await("switched off or gone", () -> workers.open().isEmpty());
      await("let go", () -> workers.stats().isEmpty());
      assertThat(workers.tracker.await(call).orElseThrow())
          .isInstanceOfSatisfying(
              CallResult.Failed.class, failed -> assertThat(failed.error().code()).isEqualTo(100));
      fake.silent = false;
      workers.connect(fake.url());
      assertThat(workers.stats()).containsOnlyKeys(fake.session);
    }
  }

  @Test
  void worker_thatWasStartedAgain_losesItsCalls() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      workers.connect(fake.url());
      WorkerCall call = given(fake.session);
      fake.session = UUID.randomUUID();
      workers.connect(fake.url());
      assertThat(workers.stats()).containsOnlyKeys(fake.session);
      assertThat(workers.tracker.await(call)).isPresent();
    }
  }

  @Test
  void worker_thatIsSwitchedOff_keepsWhatItDoesAndIsGivenNoMore() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      workers.connect(fake.url());
      WorkerCall call = given(fake.session);
      fake.disabled = true;
      await("switched off", () -> workers.open().isEmpty());
      long looks = workers.remote.changes();
      await("asked for longer than its patience", () -> workers.remote.changes() > looks + 8);
      assertThat(workers.stats()).containsOnlyKeys(fake.session);
      assertThat(call.end).isNotDone();
      fake.disabled = false;
      await("takes work again", () -> !workers.open().isEmpty());
      fake.disabled = true;
      fake.session = UUID.randomUUID();
      await("started again while it was off", () -> workers.stats().isEmpty());
      assertThat(call.end).isDone();
    }
  }

  @Test
  void worker_thatStopsOrTalksTooMuch_isRefused() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      fake.session = new UUID(0, 0);
      assertThatThrownBy(() -> workers.connect(fake.url()))
          .hasMessage("connecting remote storage failed: worker already closed");
      fake.session = UUID.randomUUID();
      fake.garrulous = true;
      assertThatThrownBy(() -> workers.connect(fake.url()))
          .hasMessageContaining("answer longer than " + RemoteWorker.MAX_ANSWER + " characters");
      assertThat(workers.stats()).isEmpty();
    }
  }

  @Test
  void worker_thatBoasts_isGivenNoMoreThanTheLimit() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      fake.machine = new WorkerResources(1L << 62, 0, 0, 0, Long.MAX_VALUE >> 8, List.of(), null);
      workers.connect(fake.url());
      RemoteWorker worker = workers.remote.list().getFirst();
      assertThat(worker.more(TaskType.PRE_COMMIT_1, PROOF, Integer.MAX_VALUE))
          .isEqualTo(RemoteWorker.MAX_TASKS);
      try (var _ = worker.seat(TaskType.PRE_COMMIT_1, PROOF)) {
        assertThat(worker.more(TaskType.PRE_COMMIT_1, PROOF, Integer.MAX_VALUE))
            .isEqualTo(RemoteWorker.MAX_TASKS - 1);
      }
    }
  }

  @Test
  void seats_heldFromBeforeARestart_countWhenTheWorkerIsBack() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_2)) {
      try (var _ = workers.remote.hold(fake.session, TaskType.PRE_COMMIT_2, PROOF)) {
        workers.connect(fake.url());
        assertThat(workers.remote.list().getFirst().fits(TaskType.PRE_COMMIT_2, PROOF)).isFalse();
      }
      assertThat(workers.remote.list().getFirst().fits(TaskType.PRE_COMMIT_2, PROOF)).isTrue();
    }
  }

  @Test
  void slots_ofThePool_followWhatTheWorkersHaveRoomFor() throws Exception {
    WorkPool pool = new WorkPool(Map.of(Task.PRE_COMMIT_1, 2));
    workers.follow(pool, PROOF);
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1, TaskType.COMMIT_2)) {
      fake.paths = List.of(new WorkerPath(UUID.randomUUID().toString(), 10, "/w", true, false));
      workers.connect(fake.url());
      await("two here, four threads there", () -> pool.slots(Task.PRE_COMMIT_1) == 6);
      await("one here, four there", () -> pool.slots(Task.COMMIT) == 5);
      assertThat(pool.slots(Task.PRE_COMMIT_2)).as("it does none").isOne();
      assertThat(pool.slots(Task.FINALIZE)).as("the disks are this machine's").isOne();
      RemoteWorker worker = workers.remote.list().getFirst();
      try (var _ = worker.seat(TaskType.PRE_COMMIT_1, PROOF)) {
        workers.remote.signal();
        await("three threads are left", () -> pool.slots(Task.COMMIT) == 4);
        assertThat(pool.slots(Task.PRE_COMMIT_1)).as("one at work, three free").isEqualTo(6);
        fake.disabled = true;
        await("what it does goes on", () -> pool.slots(Task.PRE_COMMIT_1) == 3);
      }
      fake.disabled = false;
      await("back", () -> pool.slots(Task.PRE_COMMIT_1) == 6);
      fake.silent = true;
      await("gone", () -> pool.slots(Task.PRE_COMMIT_1) == 2);
    }
  }

  @Test
  void slots_ofWhatIsNotDoneHere_areThoseOfWorkersAlone() throws Exception {
    workers.close();
    workers = workers(new WorkerRules(WorkerRules.Reach.LOOPBACK, Set.of()));
    WorkPool pool = new WorkPool(Map.of(Task.PRE_COMMIT_1, 5));
    workers.follow(pool, PROOF);
    await("one is told that there is nobody", () -> pool.slots(Task.PRE_COMMIT_1) == 1);
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      fake.paths = List.of(new WorkerPath(UUID.randomUUID().toString(), 10, "/w", true, false));
      workers.connect(fake.url());
      await("four threads there", () -> pool.slots(Task.PRE_COMMIT_1) == 4);
    }
  }

  @Test
  void slots_forAWorkerThatBoasts_endAtTheLimit() throws Exception {
    WorkPool pool = new WorkPool(Map.of());
    workers.follow(pool, PROOF);
    try (FakeWorker one = new FakeWorker(TaskType.COMMIT_2);
        FakeWorker other = new FakeWorker(TaskType.COMMIT_2)) {
      for (FakeWorker each : List.of(one, other)) {
        each.machine = new WorkerResources(1L << 62, 0, 0, 0, 1L << 40, List.of(), null);
        workers.connect(each.url());
      }
      await("all there may be", () -> pool.slots(Task.COMMIT) == 1 + WorkPool.MAX_MORE);
    }
  }

  @Test
  void address_ofThisMachine_isCalledByTheNumberThatWasLookedAt() throws Exception {
    URI named = URI.create("http://localhost:1234/remote/cache/s-t01-2?x=1");
    URI called = WorkerRules.Reach.LOOPBACK.allowed(named);
    assertThat(called.getHost()).isIn("127.0.0.1", "[0:0:0:0:0:0:0:1]");
    assertThat(called.getPort()).isEqualTo(1234);
    assertThat(called.getPath() + "?" + called.getQuery()).isEqualTo("/remote/cache/s-t01-2?x=1");
    assertThat(WorkerRules.Reach.ANY.allowed(named)).isEqualTo(named);
    assertThatThrownBy(() -> WorkerRules.Reach.LOOPBACK.allowed(URI.create("http://192.0.2.1/x")))
        .hasMessageContaining("is not this machine");
    assertThatThrownBy(() -> WorkerRules.Reach.NONE.allowed(named)).hasMessageContaining("none");
    assertThatThrownBy(() -> WorkerRules.Reach.ANY.allowed(URI.create("file:/etc/passwd")))
        .hasMessageContaining("names no host");
  }

  @Test
  void jobs_ofWorkers_standUnderTheirSessionAndAwaitedOnesUnderNobody() throws Exception {
    try (FakeWorker fake = new FakeWorker(TaskType.PRE_COMMIT_1)) {
      workers.connect(fake.url());
      WorkerCall call = given(fake.session);
      var job = job(fake.session);
      assertThat(job.task()).isEqualTo("seal/v0/precommit/1");
      assertThat(job.runWait()).isZero();
      assertThat(job.hostname()).isNull();
      workers.close();
      workers = workers(WorkerRules.DEFAULT);
      var awaited = job(new UUID(0, 0));
      assertThat(awaited.id()).isEqualTo(call.id());
      assertThat(awaited.runWait()).isEqualTo(-1);
      assertThat(awaited.hostname()).isEqualTo("fake");
      workers.abort(call.id());
      assertThat(job(new UUID(0, 0)).runWait()).isEqualTo(-2);
      assertThat(workers.tracker.underWay(call.work()).orElseThrow().end)
          .isCompletedWithValue(new CallResult.Failed(new CallError(0, "task aborted")));
    }
  }
}
