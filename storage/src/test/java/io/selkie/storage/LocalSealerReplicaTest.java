package io.selkie.storage;

import static io.selkie.storage.LotusSector3.SECTOR;
import static io.selkie.storage.LotusSector3.SEED;
import static io.selkie.storage.LotusSector3.TICKET;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.proofs.seal.VanillaVerifier;
import io.selkie.proofs.seal.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole sectors with real proofs, held to what lotus-miner made of the same data. */
class LocalSealerReplicaTest {

  @TempDir static Path parents;

  @TempDir Path dir;

  /** What a sealed sector leaves for its commit. */
  private record Sealed(byte[] phase1, SealedCommitments commitments, byte[] proof) {}

  @Test
  void seal_lotusSector_givesItsFilesAndCommitments() throws Exception {
    TestStorage storage = twoPaths(dir);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    List<PieceInfo> pieces = LotusSector3.addPieces(sealer);
    assertThat(pieces).isEqualTo(LotusSector3.PIECES);
    Sealed sealed = seal(sealer);
    assertThat(new String(sealed.phase1, StandardCharsets.UTF_8))
        .isEqualTo(
            LotusSector3.text("pre_commit_1_out")
                .replace(
                    "/tmp/lm/cache/s-t01000-3", dir.resolve("seal/cache/s-t01000-3").toString()));
    assertThat(sealed.commitments)
        .isEqualTo(new SealedCommitments(LotusSector3.COMM_R, LotusSector3.COMM_D));
    assertValid(sealed);

    sealer.finalizeSector(SECTOR, List.of());
    assertFinalised(dir);
    assertThat(find(storage, SectorFileType.UNSEALED)).isEmpty();
    sealer.finalizeSector(SECTOR, List.of());
    assertFinalised(dir);
  }

  /** The other kinds of proof, from pieces to the pieces back from the finalised files. */
  @ParameterizedTest
  @EnumSource(
      value = RegisteredSealProof.class,
      names = {
        "STACKED_DRG_2KIB_V1",
        "STACKED_DRG_2KIB_V1_1_SYNTHETIC",
        "STACKED_DRG_2KIB_V1_2_NON_INTERACTIVE"
      })
  void seal_otherKinds_proveAndUnseal(RegisteredSealProof proof) throws Exception {
    TestStorage storage = twoPaths(dir);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    SectorRef sector = new SectorRef(SECTOR.id(), proof);
    byte[] phase1 = sealer.sealPreCommit1(sector, TICKET, LotusSector3.PIECES, Progress.NONE);
    SealedCommitments commitments = sealer.sealPreCommit2(sector, phase1, Progress.NONE);
    byte[] commit1 =
        sealer.sealCommit1(sector, TICKET, SEED, LotusSector3.PIECES, commitments, Progress.NONE);
    byte[] bincode = sealer.sealCommit2(sector, commit1, Progress.NONE);
    assertThat(
            VanillaVerifier.verify(
                proof,
                sector.id(),
                commitments.commR(),
                commitments.commD(),
                TICKET,
                SEED,
                bincode))
        .isInstanceOf(Verdict.Valid.class);
    sealer.finalizeSector(sector, List.of());
    assertThat(dir.resolve("store/cache/s-t01000-3/syn-porep-vanilla-proofs.dat")).doesNotExist();
    sealer.unseal(sector, TICKET, commitments.commD(), Progress.NONE);
    assertThat(read(sealer, 0, 2032)).isEqualTo(LotusSector3.data());
    Faults.assertFault(
        () -> sealer.sealPreCommit2(SECTOR, phase1, Progress.NONE),
        Kind.BAD_REQUEST,
        "output is for " + proof);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void finalize_keepRanges_movesAllAndKeepsOnlyThose(boolean oneFilesystem) throws Exception {
    TestStorage storage = twoPaths(dir);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE, oneFilesystem);
    LotusSector3.addPieces(sealer);
    seal(sealer);
    sealer.finalizeSector(SECTOR, List.of(new UnpaddedRange(1016, 508)));
    assertFinalised(dir);
    assertThat(dir.resolve("seal/unsealed/s-t01000-3")).doesNotExist();
    assertThat(Files.size(dir.resolve("store/unsealed/s-t01000-3"))).isGreaterThan(2048);
    assertThat(sealer.isUnsealed(SECTOR, new UnpaddedRange(1016, 508))).isTrue();
    assertThat(sealer.isUnsealed(SECTOR, new UnpaddedRange(889, 254))).isFalse();
    assertThat(sealer.isUnsealed(SECTOR, new UnpaddedRange(1524, 127))).isFalse();
    assertThat(read(sealer, 1016, 508)).isEqualTo(LotusSector3.PIECE_1);
    // Unsealing fills in the rest, at its place.
    sealer.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE);
    assertThat(read(sealer, 0, 2032)).isEqualTo(LotusSector3.data());
    assertThat(find(storage, SectorFileType.UNSEALED)).containsExactly(dir.resolve("store"));
  }

  /** The reference fails here: finalised with pieces that were not kept unsealed. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void unseal_lotusFinalisedFiles_givesThePieces(boolean withFailedAttempt) throws Exception {
    Path path = dir.resolve("store");
    TestStorage storage = new TestStorage(dir, parents);
    storage.attach("store", TestStorage.meta("store", false, true));
    LotusSector3.writeFinalised(path);
    Path unsealed = path.resolve("unsealed/s-t01000-3");
    if (withFailedAttempt) {
      Files.write(unsealed, LotusSector3.bytes("unsealed_partial_file_hex_after_failed_unseal"));
    }
    storage.paths.redeclare(Optional.empty(), false);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    assertThat(sealer.isUnsealed(SECTOR, new UnpaddedRange(0, 1524))).isEqualTo(withFailedAttempt);
    sealer.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE);
    assertThat(read(sealer, 0, 1016)).isEqualTo(LotusSector3.PIECE_0);
    assertThat(read(sealer, 1016, 508)).isEqualTo(LotusSector3.PIECE_1);
    assertThat(read(sealer, 0, 2032)).isEqualTo(LotusSector3.data());
    byte[] file = Files.readAllBytes(unsealed);
    assertThat(Arrays.copyOfRange(file, 2048, file.length))
        .isEqualTo(new byte[] {4, 0x10, 2, 3, 0, 0, 0});
    assertThat(path.resolve("unsealed/fetching")).isEmptyDirectory();
    assertThat(path.resolve("cache/fetching")).isEmptyDirectory();
    assertThat(Files.readAllBytes(path.resolve("sealed/s-t01000-3")))
        .isEqualTo(LotusSector3.bytes("sealed_hex"));
    assertThat(storage.locks.list()).isEmpty();
  }

  @Test
  void unseal_severalCallers_decodeOnce() throws Exception {
    TestStorage storage = finalisedStorage();
    AtomicInteger decoded = new AtomicInteger();
    LocalSealer sealer =
        storage.sealer(step -> {
          if (step.equals("decoded unsealed")) {
            decoded.incrementAndGet();
          }
        });
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        calls.add(
            threads.submit(() -> {
              sealer.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE);
              return null;
            }));
      }
    }
    for (Future<?> call : calls) {
      call.get();
    }
    assertThat(decoded).hasValue(1);
    assertThat(read(sealer, 0, 2032)).isEqualTo(LotusSector3.data());
  }

  @Test
  void unseal_wrongTicketOrCommD_isDamageAndMarksNothing() throws Exception {
    TestStorage storage = finalisedStorage();
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    Commitment other = LotusSector3.PIECES.getFirst().commP();
    Faults.assertFault(
        () ->
            sealer.unseal(SECTOR, new Randomness(new byte[32]), LotusSector3.COMM_D, Progress.NONE),
        Kind.DAMAGED_FILE,
        "s-t01000-3");
    Faults.assertFault(
        () -> sealer.unseal(SECTOR, TICKET, other, Progress.NONE), Kind.DAMAGED_FILE, other.hex());
    Faults.assertFault(
        () -> sealer.unseal(SECTOR, TICKET, new Commitment(new byte[32]), Progress.NONE),
        Kind.BAD_REQUEST,
        "CommD");
    assertThat(dir.resolve("store/unsealed/s-t01000-3")).doesNotExist();
    assertThat(find(storage, SectorFileType.UNSEALED)).isEmpty();
    assertThat(sealer.isUnsealed(SECTOR, new UnpaddedRange(0, 127))).isFalse();
  }

  @Test
  void unseal_crashAfterAnyStep_runsAgainAndNeverShowsLess() throws Exception {
    List<String> steps =
        Crash.stepsOf(crash ->
            finalisedStorage()
                .sealer(crash)
                .unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE));
    assertThat(steps).contains("decoded unsealed", "checked unsealed", "installed unsealed");
    for (int stop = 0; stop < steps.size(); stop++) {
      Path root = dir.resolve("crash-" + stop);
      TestStorage before = new TestStorage(root, parents);
      LotusSector3.writeFinalised(before.attach("store", TestStorage.meta("s", false, true)));
      Path unsealed = root.resolve("store/unsealed/s-t01000-3");
      Files.write(unsealed, LotusSector3.bytes("unsealed_partial_file_hex_after_failed_unseal"));
      before.paths.redeclare(Optional.empty(), false);
      Crash.stopAt(
          stop,
          crash -> before.sealer(crash).unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE));
      TestStorage after = new TestStorage(root, parents);
      after.paths.open(root.resolve("store"));
      LocalSealer again = after.sealer(CrashPoint.NONE);
      assertThat(read(again, 0, 1524)).isEqualTo(Arrays.copyOf(LotusSector3.data(), 1524));
      again.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE);
      assertThat(read(again, 0, 2032)).as(steps.get(stop)).isEqualTo(LotusSector3.data());
      assertThat(root.resolve("store/cache/fetching")).isEmptyDirectory();
    }
  }

  /** Both phases, stopped after each step, then run again from phase 1. */
  @Test
  void preCommit_crashAfterAnyStep_endsInTheSameReplica() throws Exception {
    Path template = dir.resolve("template");
    LotusSector3.addPieces(twoPaths(template).sealer(CrashPoint.NONE));
    List<String> steps = Crash.stepsOf(crash -> preCommit(reopen(template, "whole"), crash));
    assertThat(steps).contains("removed earlier output", "pre-commit 1", "pre-commit 2");
    for (int stop = 0; stop < steps.size(); stop++) {
      TestStorage before = reopen(template, "crash-" + stop);
      Crash.stopAt(stop, crash -> preCommit(before, crash));
      TestStorage after = reopen(before.root);
      assertThat(preCommit(after, CrashPoint.NONE).commR())
          .as(steps.get(stop))
          .isEqualTo(LotusSector3.COMM_R);
      after.sealer(CrashPoint.NONE).finalizeSector(SECTOR, List.of());
      assertFinalised(after.root);
    }
  }

  /** Clearing, trimming and moving, stopped after each step, then run again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void finalize_crashAfterAnyStep_endsInTheSameFiles(boolean oneFilesystem) throws Exception {
    List<UnpaddedRange> keep = List.of(new UnpaddedRange(0, 1016));
    Path template = dir.resolve("template");
    LotusSector3.addPieces(twoPaths(template).sealer(CrashPoint.NONE));
    preCommit(reopen(template), CrashPoint.NONE);
    List<String> steps =
        Crash.stepsOf(crash ->
            reopen(template, "whole").sealer(crash, oneFilesystem).finalizeSector(SECTOR, keep));
    assertThat(steps).contains("cleared cache", "kept ranges", "declared cache");
    assertThat(steps).contains(oneFilesystem ? "renamed sealed" : "copied sealed");
    for (int stop = 0; stop < steps.size(); stop++) {
      TestStorage before = reopen(template, "crash-" + stop);
      Crash.stopAt(stop, crash -> before.sealer(crash, oneFilesystem).finalizeSector(SECTOR, keep));
      TestStorage after = reopen(before.root);
      LocalSealer again = after.sealer(CrashPoint.NONE, oneFilesystem);
      assertThat(read(again, 0, 1016)).as(steps.get(stop)).isEqualTo(LotusSector3.PIECE_0);
      again.finalizeSector(SECTOR, keep);
      assertFinalised(after.root);
      assertThat(read(again, 0, 1016)).as(steps.get(stop)).isEqualTo(LotusSector3.PIECE_0);
      assertThat(again.isUnsealed(SECTOR, new UnpaddedRange(1016, 127))).isFalse();
      for (SectorFileType type :
          List.of(SectorFileType.UNSEALED, SectorFileType.SEALED, SectorFileType.CACHE)) {
        assertThat(find(after, type))
            .as(steps.get(stop))
            .containsExactly(after.root.resolve("store"));
      }
    }
  }

  private static SealedCommitments preCommit(TestStorage storage, CrashPoint crash)
      throws SealFault {
    LocalSealer sealer = storage.sealer(crash);
    byte[] phase1 = sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE);
    return sealer.sealPreCommit2(SECTOR, phase1, Progress.NONE);
  }

  /** What a new process finds on the disk. */
  private static TestStorage reopen(Path root) throws IOException {
    TestStorage storage = new TestStorage(root, parents);
    storage.paths.open(root.resolve("seal"));
    storage.paths.open(root.resolve("store"));
    return storage;
  }

  /** As {@link #reopen(Path)}, in a copy. */
  private TestStorage reopen(Path template, String copy) throws IOException {
    Path root = dir.resolve(copy);
    try (var files = Files.walk(template)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, root.resolve(template.relativize(file)));
      }
    }
    return reopen(root);
  }

  @Test
  void preCommit1_afterAnotherTicket_deletesWhatItLeft() throws Exception {
    TestStorage storage = twoPaths(dir);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    Randomness other = new Randomness(new byte[32]);
    sealer.sealPreCommit1(SECTOR, other, LotusSector3.PIECES, Progress.NONE);
    assertThat(seal(sealer).commitments.commR()).isEqualTo(LotusSector3.COMM_R);
  }

  @Test
  void preCommit1_dataNotWhole_isDamageAndKeepsTheReplica() throws Exception {
    TestStorage storage = finalisedStorage();
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    Faults.assertFault(
        () -> sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE),
        Kind.MISSING_FILE,
        "no unsealed file of sector s-t01000-3");
    Path unsealed = dir.resolve("store/unsealed/s-t01000-3");
    Files.write(unsealed, LotusSector3.bytes("unsealed_partial_file_hex_after_failed_unseal"));
    storage.paths.redeclare(Optional.empty(), false);
    Faults.assertFault(
        () -> sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE),
        Kind.DAMAGED_FILE,
        unsealed + ": only 1536 of 2048 padded bytes are valid");
    assertThat(dir.resolve("store/sealed/s-t01000-3")).exists();
  }

  @Test
  void preCommit1_piecesOfOtherData_isNamed() throws Exception {
    LocalSealer sealer = twoPaths(dir).sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    List<PieceInfo> swapped =
        List.of(LotusSector3.PIECES.get(0), LotusSector3.PIECES.get(2), LotusSector3.PIECES.get(1));
    Faults.assertFault(
        () -> sealer.sealPreCommit1(SECTOR, TICKET, swapped, Progress.NONE),
        Kind.DAMAGED_FILE,
        "s-t01000-3");
    Faults.assertFault(
        () ->
            sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES.subList(0, 2), Progress.NONE),
        Kind.BAD_REQUEST,
        "the pieces take 1536 of the sector's 2048 bytes");
  }

  @Test
  void preCommit1_noRoom_isNoSpaceAndLeavesNothing() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    Path path = storage.attach("a", TestStorage.meta("a", true, true).withMaxStorage(4096));
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    Faults.assertFault(
        () -> sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE),
        Kind.NO_SPACE,
        "30924 bytes needed");
    assertThat(path.resolve("sealed")).isEmptyDirectory();
    assertThat(path.resolve("cache")).isEmptyDirectory();
    assertThat(find(storage, SectorFileType.SEALED)).isEmpty();
    assertThat(read(sealer, 0, 1016)).isEqualTo(LotusSector3.PIECE_0);
  }

  @Test
  void finalize_noLongTermPath_isNoSpaceAndLosesNothing() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    Path path = storage.attach("seal", TestStorage.meta("seal", true, false));
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    seal(sealer);
    Faults.assertFault(
        () -> sealer.finalizeSector(SECTOR, List.of()), Kind.NO_SPACE, "no path for storage");
    assertThat(Files.readAllBytes(path.resolve("sealed/s-t01000-3")))
        .isEqualTo(LotusSector3.bytes("sealed_hex"));
    storage.attach("store", TestStorage.meta("store", false, true));
    sealer.finalizeSector(SECTOR, List.of());
    assertFinalised(dir);
  }

  /** A path that was away comes back with files of an earlier attempt. */
  @Test
  void finalize_copiesThatDiffer_removesNeither() throws Exception {
    TestStorage storage = twoPaths(dir);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    preCommit(storage, CrashPoint.NONE);
    Path stale = dir.resolve("store/sealed/s-t01000-3");
    Files.write(stale, new byte[2048]);
    storage.paths.redeclare(Optional.empty(), false);
    Faults.assertFault(
        () -> sealer.finalizeSector(SECTOR, List.of()),
        Kind.DAMAGED_FILE,
        dir.resolve("seal/sealed/s-t01000-3") + ": differs from the other copy " + stale);
    assertThat(Files.readAllBytes(dir.resolve("seal/sealed/s-t01000-3")))
        .isEqualTo(LotusSector3.bytes("sealed_hex"));
    assertThat(stale).exists();
    Files.delete(stale);
    sealer.finalizeSector(SECTOR, List.of());
    assertFinalised(dir);
  }

  @Test
  void finalize_replicaGone_isMissing() throws Exception {
    TestStorage storage = twoPaths(dir);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    preCommit(storage, CrashPoint.NONE);
    Files.delete(dir.resolve("seal/sealed/s-t01000-3"));
    Faults.assertFault(
        () -> sealer.finalizeSector(SECTOR, List.of()), Kind.MISSING_FILE, "no sealed file");
    assertThat(read(sealer, 0, 1016)).isEqualTo(LotusSector3.PIECE_0);
  }

  @Test
  void replica_filesGoneOrShort_areNamed() throws Exception {
    TestStorage storage = finalisedStorage();
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    Path sealed = dir.resolve("store/sealed/s-t01000-3");
    Path aux = dir.resolve("store/cache/s-t01000-3/p_aux");
    SealedCommitments commitments = new SealedCommitments(LotusSector3.COMM_R, LotusSector3.COMM_D);
    Files.write(aux, new byte[63]);
    Faults.assertFault(
        () ->
            sealer.sealCommit1(
                SECTOR, TICKET, SEED, LotusSector3.PIECES, commitments, Progress.NONE),
        Kind.DAMAGED_FILE,
        aux + ": 63 bytes, expected 64");
    Files.delete(aux);
    Faults.assertFault(
        () ->
            sealer.sealCommit1(
                SECTOR, TICKET, SEED, LotusSector3.PIECES, commitments, Progress.NONE),
        Kind.MISSING_FILE,
        "file " + aux + " is missing");
    Files.write(sealed, new byte[2047]);
    Faults.assertFault(
        () -> sealer.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE),
        Kind.DAMAGED_FILE,
        sealed + ": 2047 bytes, expected 2048");
    Files.delete(sealed);
    Faults.assertFault(
        () -> sealer.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE),
        Kind.MISSING_FILE,
        "no sealed file of sector s-t01000-3; looked for [" + sealed + "]");
    Faults.assertFault(
        () -> sealer.sealPreCommit2(SECTOR, new byte[] {'{', '}'}, Progress.NONE),
        Kind.BAD_REQUEST,
        "pre-commit 2 of sector s-t01000-3");
    Faults.assertFault(
        () -> sealer.sealCommit2(SECTOR, new byte[] {'{', '}'}, Progress.NONE),
        Kind.BAD_REQUEST,
        "commit 2 of sector s-t01000-3");
  }

  private static Sealed seal(LocalSealer sealer) throws SealFault {
    byte[] phase1 = sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE);
    SealedCommitments commitments = sealer.sealPreCommit2(SECTOR, phase1, Progress.NONE);
    // The replica is encoded once, however often the phase runs.
    assertThat(sealer.sealPreCommit2(SECTOR, phase1, Progress.NONE)).isEqualTo(commitments);
    byte[] commit1 =
        sealer.sealCommit1(SECTOR, TICKET, SEED, LotusSector3.PIECES, commitments, Progress.NONE);
    return new Sealed(phase1, commitments, sealer.sealCommit2(SECTOR, commit1, Progress.NONE));
  }

  private static void assertValid(Sealed sealed) {
    assertThat(
            VanillaVerifier.verify(
                SECTOR.proof(),
                SECTOR.id(),
                LotusSector3.COMM_R,
                LotusSector3.COMM_D,
                TICKET,
                SEED,
                sealed.proof))
        .isInstanceOf(Verdict.Valid.class);
  }

  /** The finalised files are lotus's, on the long-term path and nowhere else. */
  private static void assertFinalised(Path root) throws IOException {
    assertThat(Files.readAllBytes(root.resolve("store/sealed/s-t01000-3")))
        .isEqualTo(LotusSector3.bytes("sealed_hex"));
    Path cache = root.resolve("store/cache/s-t01000-3");
    try (var files = Files.list(cache)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder("p_aux", "t_aux", "sc-02-data-tree-r-last.dat");
    }
    assertThat(Files.readAllBytes(cache.resolve("p_aux")))
        .isEqualTo(LotusSector3.bytes("p_aux_hex"));
    assertThat(Files.readAllBytes(cache.resolve("sc-02-data-tree-r-last.dat")))
        .isEqualTo(LotusSector3.bytes("tree_r_last_hex"));
    assertThat(root.resolve("seal/sealed/s-t01000-3")).doesNotExist();
    assertThat(root.resolve("seal/cache/s-t01000-3")).doesNotExist();
  }

  private TestStorage finalisedStorage() throws IOException {
    TestStorage storage = new TestStorage(dir, parents);
    if (!Files.exists(dir.resolve("store"))) {
      LotusSector3.writeFinalised(storage.attach("store", TestStorage.meta("store", false, true)));
      storage.paths.redeclare(Optional.empty(), false);
    } else {
      storage.paths.open(dir.resolve("store"));
    }
    return storage;
  }

  private static TestStorage twoPaths(Path root) throws IOException {
    TestStorage storage = new TestStorage(root, parents);
    storage.attach("seal", TestStorage.meta("seal", true, false));
    storage.attach("store", TestStorage.meta("store", false, true));
    return storage;
  }

  private static List<Path> find(TestStorage storage, SectorFileType type) {
    List<Path> found = new ArrayList<>();
    for (SectorStorageInfo info : storage.report.findSector(SECTOR.id(), Set.of(type), 0, false)) {
      storage.paths.path(info.id()).ifPresent(path -> found.add(path.root()));
    }
    return found;
  }

  private static byte[] read(LocalSealer sealer, long offset, long size) throws Exception {
    try (InputStream in = sealer.readPiece(SECTOR, new UnpaddedRange(offset, size))) {
      return in.readAllBytes();
    }
  }
}
