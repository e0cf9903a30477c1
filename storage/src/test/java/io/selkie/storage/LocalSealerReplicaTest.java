package io.selkie.storage;

import static io.selkie.storage.LotusSector3.SECTOR;
import static io.selkie.storage.LotusSector3.SEED;
import static io.selkie.storage.LotusSector3.TICKET;
import static io.selkie.storage.SealAndStore.assertFinalised;
import static io.selkie.storage.SealAndStore.find;
import static io.selkie.storage.SealAndStore.preCommit;
import static io.selkie.storage.SealAndStore.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.proofs.seal.VanillaVerifier;
import io.selkie.proofs.seal.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
    TestStorage storage = SealAndStore.create(dir, parents);
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
    TestStorage storage = SealAndStore.create(dir, parents);
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
    TestStorage storage = SealAndStore.create(dir, parents);
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
  void unseal_ticketOfOneByte_isRefusedUnlessEverythingIsThere() throws Exception {
    TestStorage storage = finalisedStorage();
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    OpaqueBytes ticket = OpaqueBytes.of(new byte[] {7});
    Faults.assertFault(
        () -> sealer.unseal(SECTOR, ticket, LotusSector3.COMM_D, Progress.NONE),
        Kind.BAD_REQUEST,
        "ticket of 1 bytes, expected 32");
    sealer.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE);
    sealer.unseal(SECTOR, ticket, LotusSector3.COMM_D, Progress.NONE);
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
  void preCommit1_afterAnotherTicket_deletesWhatItLeft() throws Exception {
    TestStorage storage = SealAndStore.create(dir, parents);
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
    LocalSealer sealer = SealAndStore.create(dir, parents).sealer(CrashPoint.NONE);
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
    TestStorage storage = SealAndStore.create(dir, parents);
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
    TestStorage storage = SealAndStore.create(dir, parents);
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
}
