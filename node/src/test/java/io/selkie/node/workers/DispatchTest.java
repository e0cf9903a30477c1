package io.selkie.node.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.workers.FakeWorker.Given;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.WorkPool;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.seal.SealContext;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerPath;
import io.selkie.rpc.api.WorkerReturnsApi;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.FsStat;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StorageInfo;
import io.selkie.store.SqliteJournal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that answers anything, over real sockets; what is done here is done with real proofs.
 */
@Timeout(120)
class DispatchTest {

  private static final SectorRef SECTOR =
      new SectorRef(SectorId.of(1000, 5), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  private static final UnpaddedPieceSize WHOLE = new UnpaddedPieceSize(2032);
  private static final Randomness TICKET = new Randomness(new byte[32]);
  private static final String PATH = UUID.nameUUIDFromBytes(new byte[] {7}).toString();

  @TempDir Path directory;
  private SqliteJournal journal;
  private SectorIndex index;
  private FakeWorker fake;
  private Workers workers;
  private Sealer sealer;

  @BeforeEach
  void open() throws Exception {
    journal = SqliteJournal.open(directory.resolve("journal.db"));
    fake = new FakeWorker(TaskType.values());
    fake.paths = List.of(new WorkerPath(PATH, 10, "/w", true, false));
    start(WorkerRules.DEFAULT, Duration.ofHours(1), Duration.ZERO);
  }

  @AfterEach
  void close() throws Exception {
    workers.close();
    fake.close();
    journal.close();
  }

  private void start(WorkerRules rules, Duration call, Duration idle) throws Exception {
    index = new SectorIndex(InstantSource.system());
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of("http://localhost"));
    Path store = directory.resolve("store");
    if (!Files.exists(store)) {
      LocalPaths.init(store, SectorStoreMeta.of(UUID.randomUUID(), true, true));
    }
    paths.open(store);
    index.attach(
        new StorageInfo(
            List.of("http://127.0.0.1:1/remote"),
            SectorStoreMeta.of(UUID.fromString(PATH), true, false)),
        new FsStat(1, 1, 1, 0, 0, 0));
    SectorLocks locks = new SectorLocks();
    Path parents = Files.createDirectories(directory.resolve("parents"));
    workers =
        Workers.open(
            rules,
            journal,
            FakeWorker.TOKENS.createForWorkers("test"),
            Address.Network.TESTNET,
            new WorkerTimes(
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                idle,
                call,
                call));
    sealer =
        workers.sealer(
            new Workers.Storage(
                new LocalSealer(paths, index, locks, 1, parents),
                paths,
                index,
                locks,
                new SealContext(1, parents, (phase, done, total) -> {})));
    workers.connect(fake.url());
  }

  private WorkerReturnsApi returns() {
    return workers.returns();
  }

  private Given next() throws InterruptedException {
    return Objects.requireNonNull(fake.given.poll(60, TimeUnit.SECONDS), "nothing was given out");
  }

  /** Something that the sealer is asked for. */
  @FunctionalInterface
  private interface Asked<T> {
    T ask() throws SealFault;
  }

  private static <T> CompletableFuture<T> asking(Asked<T> asked) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            answer.complete(asked.ask());
          } catch (SealFault | RuntimeException | Error e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private CompletableFuture<PieceInfo> addingZeros() {
    return asking(() -> sealer.addZeros(SECTOR, 0, WHOLE, Progress.NONE));
  }

  private static WirePiece zeros() {
    return new WirePiece(
        WHOLE.padded().bytes(), Cid.ofUnsealed(ZeroPieces.commitment(WHOLE.padded())));
  }

  private static SealFault fault(CompletableFuture<?> answer) throws Exception {
    try {
      answer.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SealFault fault) {
        return fault;
      }
      throw e;
    }
    throw new AssertionError("it was done");
  }

  /** The call is named to the node a moment after it began. */
  private void awaitJob() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (workers.jobs().isEmpty()) {
      assertThat(System.nanoTime()).as("no job is listed").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  @Test
  void task_answeredRightly_isTheWorkers() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    Given given = next();
    assertThat(given.method()).isEqualTo("AddPiece");
    awaitJob();
    assertThat(workers.jobs()).containsOnlyKeys(fake.session);
    assertThat(workers.stats().get(fake.session)).isNotNull();
    assertThat(workers.isLent(SECTOR.id())).isTrue();
    returns().returnAddPiece(given.id(), zeros(), null);
    assertThat(adding.get().commP()).isEqualTo(ZeroPieces.commitment(WHOLE.padded()));
    assertThat(workers.isLent(SECTOR.id())).isFalse();
    assertThat(directory.resolve("store/unsealed/s-t01000-5")).doesNotExist();
  }

  @Test
  void answer_thatIsGarbage_isNotUsedAndTheTaskDoneHere() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    byte[] digest = new byte[32];
    new Random(3).nextBytes(digest);
    digest[31] &= 0x3f;
    WirePiece wrong =
        new WirePiece(WHOLE.padded().bytes(), Cid.ofUnsealed(new io.selkie.abi.Commitment(digest)));
    returns().returnAddPiece(next().id(), wrong, null);
    assertThat(adding.get().commP()).isEqualTo(ZeroPieces.commitment(WHOLE.padded()));
    assertThat(directory.resolve("store/unsealed/s-t01000-5")).exists();
    assertThat(fake.given).isEmpty();
  }

  @Test
  void outputsOfPhases_thatAreGarbage_areNotUsed() throws Exception {
    PieceInfo piece = localPiece();
    for (byte[] garbage :
        List.of(
            new byte[0],
            "{}".getBytes(StandardCharsets.UTF_8),
            "[1,2".getBytes(StandardCharsets.UTF_8),
            new byte[1000])) {
      CompletableFuture<byte[]> phase =
          asking(() -> sealer.sealPreCommit1(SECTOR, TICKET, List.of(piece), Progress.NONE));
      returns().returnFetch(next().id(), null);
      Given given = next();
      assertThat(given.method()).isEqualTo("SealPreCommit1");
      returns().returnSealPreCommit1(given.id(), garbage, null);
      assertThat(new String(phase.get(), StandardCharsets.UTF_8)).contains("comm_d");
    }
  }

  /** A piece that lies here, so that a worker has to get it first. */
  private PieceInfo localPiece() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    returns().returnAddPiece(next().id(), zeros(), new CallError(100, "not now"));
    return adding.get();
  }

  @Test
  void result_withoutItsFiles_isNotUsed() throws Exception {
    PieceInfo piece = localPiece();
    byte[] real = sealedHere(piece);
    CompletableFuture<byte[]> phase =
        asking(() -> sealer.sealPreCommit1(SECTOR, TICKET, List.of(piece), Progress.NONE));
    returns().returnFetch(next().id(), null);
    returns().returnSealPreCommit1(next().id(), real, null);
    assertThat(phase.get()).isEqualTo(real);
    assertThat(directory.resolve("store/sealed/s-t01000-5")).as("done here after all").exists();

    CompletableFuture<byte[]> again =
        asking(() -> sealer.sealPreCommit1(SECTOR, TICKET, List.of(piece), Progress.NONE));
    returns().returnFetch(next().id(), null);
    Given given = next();
    index.declare(PATH, SECTOR.id(), EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE), true);
    returns().returnSealPreCommit1(given.id(), real, null);
    assertThat(again.get()).isEqualTo(real);
    assertThat(directory.resolve("store/sealed/s-t01000-5")).as("there only").doesNotExist();
  }

  private byte[] sealedHere(PieceInfo piece) throws Exception {
    CompletableFuture<byte[]> phase =
        asking(() -> sealer.sealPreCommit1(SECTOR, TICKET, List.of(piece), Progress.NONE));
    returns().returnFetch(next().id(), new CallError(102, "no room"));
    return phase.get();
  }

  @Test
  void answers_twiceOrForAnotherCall_changeNothing() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    Given given = next();
    CallId another = new CallId(given.id().sector(), UUID.randomUUID());
    returns().returnAddPiece(another, new WirePiece(1, null), null);
    assertThat(adding).isNotDone();
    returns().returnAddPiece(given.id(), zeros(), null);
    assertThat(adding.get().size()).isEqualTo(WHOLE.padded());
    returns().returnAddPiece(given.id(), zeros(), null);
    assertThat(workers.earlyReturns()).as("kept in vain").hasSize(1);
    assertThatThrownBy(() -> returns().returnAddPiece(another, zeros(), null))
        .hasMessage("callRes channel already has a response");
  }

  @Test
  void call_namedAfterAnotherSector_isNotTheTasks() throws Exception {
    CallId foreign = new CallId(new WireSectorId(1000, 99), UUID.randomUUID());
    fake.naming = _ -> foreign;
    CompletableFuture<PieceInfo> adding = addingZeros();
    assertThat(adding.get(60, TimeUnit.SECONDS).size()).isEqualTo(WHOLE.padded());
    assertThat(directory.resolve("store/unsealed/s-t01000-5")).exists();
    assertThat(workers.jobs()).isEmpty();
  }

  @Test
  void text_ofAnError_isCut() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    returns().returnAddPiece(next().id(), zeros(), new CallError(0, "x".repeat(1_000_000)));
    assertThat(String.valueOf(fault(adding).getMessage()))
        .hasSizeLessThan(WorkerReturns.MAX_TEXT + 200)
        .contains("xxx...");
  }

  @Test
  void piece_givenToASecondWorker_isOpenedAgainAndEveryStreamClosed() throws Exception {
    byte[] data = new byte[2032];
    AtomicInteger open = new AtomicInteger();
    AtomicInteger opened = new AtomicInteger();
    Sealer.PieceSource source =
        () -> {
          open.incrementAndGet();
          opened.incrementAndGet();
          return new ByteArrayInputStream(data) {
            private boolean closed;

            @Override
            public void close() {
              if (!closed) {
                closed = true;
                open.decrementAndGet();
              }
            }
          };
        };
    try (FakeWorker second = new FakeWorker(TaskType.ADD_PIECE)) {
      second.paths = fake.paths;
      workers.connect(second.url());
      CompletableFuture<PieceInfo> adding =
          asking(() -> sealer.addPiece(SECTOR, 0, WHOLE, source, Progress.NONE));
      // It can do least else, and is asked first.
      Given first = Objects.requireNonNull(second.given.poll(60, TimeUnit.SECONDS));
      returns().returnAddPiece(first.id(), zeros(), new CallError(100, "not now"));
      returns().returnAddPiece(next().id(), zeros(), null);
      assertThat(adding.get().size()).isEqualTo(WHOLE.padded());
    }
    assertThat(opened).hasValue(2);
    assertThat(open).hasValue(0);
  }

  @Test
  void work_doneHere_keepsToTheOwnSlots() throws Exception {
    workers.follow(new WorkPool(Map.of(WorkPool.Task.ADD_PIECE, 1)), SECTOR.proof());
    WorkRoom.Place place = workers.room.tryTake(TaskType.ADD_PIECE).orElseThrow();
    assertThat(workers.room.tryTake(TaskType.ADD_PIECE)).isEmpty();
    assertThat(workers.room.tryTake(TaskType.PRE_COMMIT_2)).isPresent();
    CompletableFuture<PieceInfo> adding = addingZeros();
    returns().returnAddPiece(next().id(), zeros(), new CallError(102, "no room"));
    long seen = workers.remote.changes();
    workers.remote.awaitChange(seen, Duration.ofMillis(50));
    assertThat(adding).as("nobody does it yet, though it may wait no time for workers").isNotDone();
    place.close();
    workers.remote.signal();
    assertThat(adding.get(60, TimeUnit.SECONDS).size()).isEqualTo(WHOLE.padded());
    assertThat(workers.room.tryTake(TaskType.ADD_PIECE)).as("given back").isPresent();
  }

  @Test
  void replica_leftOverAtAWorkerThatIsBack_isNotWorkedOn() throws Exception {
    String stale = UUID.nameUUIDFromBytes(new byte[] {8}).toString();
    index.attach(
        new StorageInfo(
            List.of("http://127.0.0.1:1/remote"),
            SectorStoreMeta.of(UUID.fromString(stale), true, false)),
        new FsStat(1, 1, 1, 0, 0, 0));
    for (String path : List.of(stale, PATH)) {
      index.declare(
          path, SECTOR.id(), EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE), true);
    }
    Places places = new Places(journal, InstantSource.system());
    places.note(SECTOR.id(), List.of(stale));
    places.note(SECTOR.id(), List.of(PATH));
    try (FakeWorker back = new FakeWorker(TaskType.PRE_COMMIT_2)) {
      back.paths = List.of(new WorkerPath(stale, 10, "/s", true, false));
      workers.connect(back.url());
      // The one that is back would be asked first, and cannot clear what it has left over.
      CompletableFuture<SealedCommitments> phase =
          asking(() -> sealer.sealPreCommit2(SECTOR, new byte[] {1}, Progress.NONE));
      Given given = next();
      assertThat(given.method()).isEqualTo("SealPreCommit2");
      assertThat(back.given).isEmpty();
      assertThat(places.noted(SECTOR.id())).containsExactly(stale, PATH);
      returns().returnSealPreCommit2(given.id(), new SectorCids(null, null), new CallError(0, "x"));
      assertThat(fault(phase).kind()).isEqualTo(SealFault.Kind.IO);
    }
  }

  @Test
  void answer_ofAnotherKind_isNotUsed() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    returns().returnSealCommit2(next().id(), new byte[] {1}, null);
    assertThat(adding.get().commP()).isEqualTo(ZeroPieces.commitment(WHOLE.padded()));
    assertThat(directory.resolve("store/unsealed/s-t01000-5")).exists();
  }

  @Test
  void worker_thatNeverAnswers_isGivenUp() throws Exception {
    workers.close();
    start(WorkerRules.DEFAULT, Duration.ofMillis(200), Duration.ZERO);
    CompletableFuture<PieceInfo> adding = addingZeros();
    assertThat(next().method()).isEqualTo("AddPiece");
    assertThat(adding.get().size()).isEqualTo(WHOLE.padded());
    assertThat(workers.jobs()).isEmpty();
  }

  @Test
  void failure_thatIsNotForNow_isTheTasks() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    returns().returnAddPiece(next().id(), zeros(), new CallError(0, "the data is bad"));
    SealFault fault = fault(adding);
    assertThat(fault.kind()).isEqualTo(SealFault.Kind.IO);
    assertThat(fault).hasMessageContaining("the data is bad");
  }

  @Test
  void call_thatAnOperatorAborts_endsTheTask() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    workers.abort(next().id());
    assertThat(fault(adding).kind()).isEqualTo(SealFault.Kind.BAD_REQUEST);
  }

  @Test
  void task_thatTheNodeLeavesToWorkers_waitsAndIsThenToldThatThereAreNone() throws Exception {
    workers.close();
    start(
        new WorkerRules(WorkerRules.Reach.LOOPBACK, Set.of()),
        Duration.ofHours(1),
        Duration.ofMillis(300));
    CompletableFuture<PieceInfo> adding = addingZeros();
    returns().returnAddPiece(next().id(), zeros(), new CallError(102, "no room"));
    SealFault fault = fault(adding);
    assertThat(fault.kind()).isEqualTo(SealFault.Kind.UNREACHABLE);
    assertThat(fault)
        .hasMessageStartingWith("no worker for seal/v0/addpiece of sector s-t01000-5")
        .hasMessageContaining("code 102: no room");
  }

  @Test
  void work_underWayAtARestart_isNotGivenOutAgain() throws Exception {
    PieceInfo piece = localPiece();
    byte[] real = sealedHere(piece);
    CompletableFuture<byte[]> phase =
        asking(() -> sealer.sealPreCommit1(SECTOR, TICKET, List.of(piece), Progress.NONE));
    returns().returnFetch(next().id(), null);
    Given given = next();
    awaitJob();
    workers.close();
    start(WorkerRules.DEFAULT, Duration.ofHours(1), Duration.ZERO);
    assertThat(phase).isNotDone();
    CompletableFuture<byte[]> again =
        asking(() -> sealer.sealPreCommit1(SECTOR, TICKET, List.of(piece), Progress.NONE));
    index.declare(PATH, SECTOR.id(), EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE), true);
    returns().returnSealPreCommit1(given.id(), real, null);
    assertThat(again.get()).isEqualTo(real);
    assertThat(fake.given).isEmpty();
  }

  @Test
  void files_onAPathThatIsAway_areWaitedFor() throws Exception {
    Places places = new Places(journal, InstantSource.system());
    String away = UUID.randomUUID().toString();
    places.note(SECTOR.id(), List.of(away));
    SealFault fault =
        fault(asking(() -> sealer.sealPreCommit2(SECTOR, new byte[] {1}, Progress.NONE)));
    assertThat(fault.kind()).isEqualTo(SealFault.Kind.UNREACHABLE);
    assertThat(fault).hasMessageContaining(away);
    places.forget(SECTOR.id());
    assertThat(
            fault(asking(() -> sealer.sealPreCommit2(SECTOR, new byte[] {1}, Progress.NONE)))
                .kind())
        .isNotEqualTo(SealFault.Kind.UNREACHABLE);
  }

  @Test
  void piece_withBytes_reachesTheWorkerWhole() throws Exception {
    byte[] data = new byte[2032];
    new Random(11).nextBytes(data);
    CompletableFuture<PieceInfo> adding =
        asking(() ->
            sealer.addPiece(SECTOR, 0, WHOLE, () -> new ByteArrayInputStream(data), Progress.NONE));
    Given given = next();
    returns().returnAddPiece(given.id(), zeros(), null);
    assertThat(adding.get().size()).isEqualTo(WHOLE.padded());
  }
}
