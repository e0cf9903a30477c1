package io.selkie.node.workers;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.seal.SealContext;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WorkerPath;
import io.selkie.rpc.api.WorkerReturnsApi;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.FsStat;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StorageInfo;
import io.selkie.store.SqliteJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that answers anything, over real sockets; what is done here is done with real proofs.
 */
@Timeout(120)
abstract class DispatchRig {

  static final SectorRef SECTOR =
      new SectorRef(SectorId.of(1000, 5), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  static final UnpaddedPieceSize WHOLE = new UnpaddedPieceSize(2032);
  static final Randomness TICKET = new Randomness(new byte[32]);
  static final String PATH = UUID.nameUUIDFromBytes(new byte[] {7}).toString();

  @TempDir Path directory;
  SqliteJournal journal;
  SectorIndex index;
  LocalPaths local;
  FakeWorker fake;
  Workers workers;
  Sealer sealer;

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

  final void start(WorkerRules rules, Duration call, Duration idle) throws Exception {
    index = new SectorIndex(InstantSource.system());
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of("http://localhost"));
    Path store = directory.resolve("store");
    if (!Files.exists(store)) {
      LocalPaths.init(store, SectorStoreMeta.of(UUID.randomUUID(), true, true));
    }
    paths.open(store);
    local = paths;
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

  WorkerReturnsApi returns() {
    return workers.returns();
  }

  Given next() throws InterruptedException {
    return Objects.requireNonNull(fake.given.poll(60, TimeUnit.SECONDS), "nothing was given out");
  }

  /** Something that the sealer is asked for. */
  @FunctionalInterface
  interface Asked<T> {
    T ask() throws SealFault;
  }

  static <T> CompletableFuture<T> asking(Asked<T> asked) {
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

  CompletableFuture<PieceInfo> addingZeros() {
    return asking(() -> sealer.addZeros(SECTOR, 0, WHOLE, Progress.NONE));
  }

  static WirePiece zeros() {
    return new WirePiece(
        WHOLE.padded().bytes(), Cid.ofUnsealed(ZeroPieces.commitment(WHOLE.padded())));
  }

  static SealFault fault(CompletableFuture<?> answer) throws Exception {
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
  void awaitJob() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (workers.jobs().isEmpty()) {
      assertThat(System.nanoTime()).as("no job is listed").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** A piece that lies here, so that a worker has to get it first. */
  PieceInfo localPiece() throws Exception {
    CompletableFuture<PieceInfo> adding = addingZeros();
    returns().returnAddPiece(next().id(), zeros(), new CallError(100, "not now"));
    return adding.get();
  }

  byte[] sealedHere(PieceInfo piece) throws Exception {
    CompletableFuture<byte[]> phase =
        asking(() -> sealer.sealPreCommit1(SECTOR, TICKET, List.of(piece), Progress.NONE));
    returns().returnFetch(next().id(), new CallError(102, "no room"));
    return phase.get();
  }
}
