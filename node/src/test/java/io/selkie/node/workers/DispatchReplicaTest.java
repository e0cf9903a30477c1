package io.selkie.node.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.node.workers.FakeWorker.Given;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WorkerPath;
import io.selkie.storage.FsStat;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.PreCommit1Json;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StorageInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is sealed at a worker, and what of it is believed. */
class DispatchReplicaTest extends DispatchRig {

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

  /** Sealed here as far as pre-commit 1, and a worker that says it has the files. */
  private byte[] preCommitted(PieceInfo piece) throws Exception {
    byte[] out = sealedHere(piece);
    index.declare(PATH, SECTOR.id(), EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE), true);
    return out;
  }

  private CompletableFuture<SealedCommitments> committing(byte[] out) {
    return asking(() -> sealer.sealPreCommit2(SECTOR, out, Progress.NONE));
  }

  private static SectorCids cids(SealedCommitments sealed) {
    return new SectorCids(Cid.ofUnsealed(sealed.commD()), Cid.ofSealed(sealed.commR()));
  }

  @Test
  void replica_thatDoesNotProveItsCommitment_isNotUsed() throws Exception {
    byte[] out = preCommitted(localPiece());
    CompletableFuture<SealedCommitments> phase = committing(out);
    Commitment commD = PreCommit1Json.commD(out);
    returns().returnSealPreCommit2(next().id(), cids(new SealedCommitments(commD, commD)), null);
    Given asked = next();
    assertThat(asked.method()).isEqualTo("SealCommit1");
    returns().returnSealCommit1(asked.id(), new byte[] {1}, null);
    assertThat(phase.get().commR()).as("done here").isNotEqualTo(commD);
    assertThat(workers.jobs()).isEmpty();
    assertThat(journal.values("workers/calls/")).isEmpty();
  }

  @Test
  void replica_thatTheWorkerCannotProve_isNotUsed() throws Exception {
    byte[] out = preCommitted(localPiece());
    CompletableFuture<SealedCommitments> phase = committing(out);
    Commitment commD = PreCommit1Json.commD(out);
    returns().returnSealPreCommit2(next().id(), cids(new SealedCommitments(commD, commD)), null);
    returns().returnSealCommit1(next().id(), null, new CallError(0, "no such tree"));
    assertThat(phase.get().commR()).as("done here").isNotEqualTo(commD);
  }

  @Test
  void replica_thatProvesItsCommitment_isUsedAndOnRecordUntilThen() throws Exception {
    PieceInfo piece = localPiece();
    byte[] out = preCommitted(piece);
    CompletableFuture<SealedCommitments> here = committing(out);
    returns()
        .returnSealPreCommit2(next().id(), new SectorCids(null, null), new CallError(100, "x"));
    SealedCommitments right = here.get();

    CompletableFuture<SealedCommitments> phase = committing(out);
    returns().returnSealPreCommit2(next().id(), cids(right), null);
    Given asked = next();
    assertThat(journal.values("workers/calls/")).hasSize(1);
    Path parents = directory.resolve("parents");
    byte[] proof =
        new LocalSealer(local, index, new SectorLocks(), 1, parents)
            .sealCommit1(
                SECTOR,
                TICKET,
                new Randomness(Objects.requireNonNull(fake.seed)),
                List.of(piece),
                right,
                Progress.NONE);
    returns().returnSealCommit1(asked.id(), proof, null);
    assertThat(phase.get()).isEqualTo(right);
    assertThat(journal.values("workers/calls/")).isEmpty();

    CompletableFuture<SealedCommitments> again = committing(out);
    returns().returnSealPreCommit2(next().id(), cids(right), null);
    returns().returnSealCommit1(next().id(), null, new CallError(100, "busy"));
    assertThat(again.get()).as("commit 1 will show it").isEqualTo(right);
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
}
