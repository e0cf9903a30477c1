package io.selkie.node.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.node.workers.FakeWorker.Given;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.WorkPool;
import io.selkie.proofs.pieces.PieceCommitment;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WireSectorId;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pieces and calls, and workers that do what they should not. */
class DispatchTest extends DispatchRig {

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
  void data_withoutASector_isHashedByAWorker() throws Exception {
    byte[] data = new byte[2032];
    new Random(12).nextBytes(data);
    CompletableFuture<Commitment> hashing = hashing(data);
    Given given = next();
    assertThat(given.method()).isEqualTo("DataCid");
    assertThat(given.id().sector()).isEqualTo(new WireSectorId(0, 0));
    returns().returnDataCid(given.id(), zeros(), null);
    assertThat(hashing.get()).isEqualTo(ZeroPieces.commitment(WHOLE.padded()));
    assertThat(workers.jobs()).isEmpty();
  }

  @Test
  void data_withoutASector_isHashedHereIfNobodyHasReadOfIt() throws Exception {
    byte[] data = new byte[2032];
    new Random(13).nextBytes(data);
    fake.refusing = true;
    assertThat(hashing(data).get())
        .isEqualTo(PieceCommitment.compute(new ByteArrayInputStream(data), WHOLE));
  }

  @Test
  void data_thatAWorkerHasReadAndNotHashed_isGone() throws Exception {
    CompletableFuture<Commitment> hashing = hashing(new byte[2032]);
    returns().returnDataCid(next().id(), zeros(), new CallError(100, "not now"));
    assertThatThrownBy(hashing::get).cause().hasMessageContaining("which comes once");
  }

  private CompletableFuture<Commitment> hashing(byte[] data) {
    return asking(() -> {
      try {
        return workers.dataCids().of(WHOLE, new ByteArrayInputStream(data));
      } catch (RpcFault e) {
        throw new IllegalStateException(e.text(), e);
      }
    });
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
