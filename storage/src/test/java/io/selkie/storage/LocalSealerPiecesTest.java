package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.Permits;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.proofs.pieces.PieceCommitment;
import io.selkie.proofs.pieces.ZeroPieces;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces in and out of unsealed files; no proofs. */
class LocalSealerPiecesTest {

  private static final SectorRef SECTOR =
      new SectorRef(SectorId.of(1000, 3), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  private static final UnpaddedPieceSize U1016 = new UnpaddedPieceSize(1016);
  private static final UnpaddedPieceSize U508 = new UnpaddedPieceSize(508);
  private static final byte[] PIECE = PieceData.of("lotus:piece:0", 1016);

  @TempDir Path dir;
  private TestStorage storage;
  private Path path;
  private LocalSealer sealer;
  private Path file;

  @BeforeEach
  void setUp() throws IOException {
    storage = new TestStorage(dir);
    path = storage.attach("a", TestStorage.meta("a", true, true));
    sealer = storage.sealer(CrashPoint.NONE);
    file = path.resolve("unsealed/s-t01000-3");
  }

  @Test
  void addPiece_thenZeros_areReadBackEverywhere() throws Exception {
    PieceInfo piece = add(0, PIECE);
    assertThat(piece.size()).isEqualTo(new PaddedPieceSize(1024));
    assertThat(piece.commP())
        .isEqualTo(PieceCommitment.compute(new ByteArrayInputStream(PIECE), U1016));
    assertThat(holds(0, 1016)).isTrue();
    assertThat(holds(0, 1143)).isFalse();
    PieceInfo zeros = sealer.addZeros(SECTOR, 1024, U1016, Progress.NONE);
    assertThat(zeros)
        .isEqualTo(
            new PieceInfo(
                new PaddedPieceSize(1024), ZeroPieces.commitment(new PaddedPieceSize(1024))));
    byte[] all = Arrays.copyOf(PIECE, 2032);
    for (int from = 0; from < 2032; from += 127) {
      for (int to = from; to <= 2032; to += 127) {
        try (InputStream in = read(from, to - from)) {
          assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(all, from, to));
        }
      }
    }
    assertThat(storage.locks.list()).isEmpty();
  }

  @Test
  void readPiece_skippingAndSingleBytes_areInPlace() throws Exception {
    add(0, PIECE);
    for (int skip : new int[] {0, 1, 126, 127, 128, 500, 1015, 1016, 2000}) {
      try (InputStream in = read(0, 1016)) {
        assertThat(in.skip(skip)).isEqualTo(Math.min(skip, 1016));
        assertThat(in.read()).isEqualTo(skip < 1016 ? PIECE[skip] & 0xff : -1);
        assertThat(in.readAllBytes())
            .isEqualTo(skip < 1016 ? Arrays.copyOfRange(PIECE, skip + 1, 1016) : new byte[0]);
      }
    }
  }

  /** Across the stream's chunks of 8,192 groups, in an 8 MiB sector. */
  @Test
  void readPiece_largeRanges_areInPlace() throws Exception {
    long seed = 20261122;
    Random random = new Random(seed);
    SectorRef large =
        new SectorRef(SectorId.of(1000, 8), RegisteredSealProof.STACKED_DRG_8MIB_V1_1);
    UnpaddedPieceSize size = large.proof().sectorSize().unpadded();
    byte[] data = new byte[(int) size.bytes()];
    random.nextBytes(data);
    sealer.addPiece(large, 0, size, () -> new ByteArrayInputStream(data), Progress.NONE);
    int groups = data.length / 127;
    for (int round = 0; round < 40; round++) {
      int from = random.nextInt(groups) * 127;
      int length = random.nextInt(groups - from / 127 + 1) * 127;
      int skip = length == 0 ? 0 : random.nextInt(length);
      try (InputStream in = sealer.readPiece(large, new UnpaddedRange(from, length))) {
        int first = in.read(new byte[random.nextInt(300) + 1]);
        int start = Math.max(0, first);
        int skipped = (int) in.skip(skip);
        assertThat(skipped).as("seed %d", seed).isEqualTo(Math.min(skip, length - start));
        assertThat(
                Arrays.mismatch(
                    in.readAllBytes(),
                    Arrays.copyOfRange(data, from + start + skipped, from + length)))
            .as("seed %d round %d", seed, round)
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void readPiece_openStream_holdsTheReadLockUntilClosed() throws Exception {
    add(0, PIECE);
    InputStream in = read(0, 127);
    assertThat(storage.locks.list()).hasSize(1);
    assertThat(storage.locks.tryLock(SECTOR.id(), Set.of(), Set.of(SectorFileType.UNSEALED)))
        .isEmpty();
    in.close();
    in.close();
    assertThat(storage.locks.list()).isEmpty();
    assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
  }

  @Test
  void readPiece_notThere_isMissingAndHoldsNoLock() throws Exception {
    assertFault(() -> read(0, 127), Kind.MISSING_FILE, "unseal the sector first");
    add(0, PIECE);
    assertFault(() -> read(1016, 127), Kind.MISSING_FILE, "127 bytes at 1016");
    assertThat(storage.locks.list()).isEmpty();
    Files.delete(file);
    assertFault(() -> read(0, 127), Kind.MISSING_FILE, "unseal the sector first");
    assertThat(holds(0, 127)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1,127",
    "0,128",
    "-127,127",
    "127,-127",
    "0,2159",
    "2032,127",
    "127,9223372036854775779"
  })
  void readPiece_rangeNotOfTheSector_isBadRequest(long offset, long size) {
    assertFault(() -> read(offset, size), Kind.BAD_REQUEST, "multiples of 127");
    assertFault(() -> holds(offset, size), Kind.BAD_REQUEST, "within the sector's 2032");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1024, 512, 1536, 2048, Long.MIN_VALUE, 9223372036854774784L})
  void addPiece_placeNotOfTheSector_isBadRequest(long offset) {
    assertFault(() -> add(offset, PIECE), Kind.BAD_REQUEST, "padded offset " + offset);
    assertFault(
        () -> sealer.addZeros(SECTOR, offset, U1016, Progress.NONE), Kind.BAD_REQUEST, "1024");
    assertThat(storage.report.list().values()).allSatisfy(list -> assertThat(list).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1015, 1017, 5000})
  void addPiece_sourceOfAnotherLength_isBadRequestAndLeavesNothing(int length) throws Exception {
    byte[] data = PieceData.of("x", length);
    assertFault(
        () ->
            sealer.addPiece(SECTOR, 0, U1016, () -> new ByteArrayInputStream(data), Progress.NONE),
        Kind.BAD_REQUEST,
        "1016 bytes announced");
    assertThat(file).doesNotExist();
    assertThat(storage.report.findSector(SECTOR.id(), Set.of(SectorFileType.UNSEALED), 0, false))
        .isEmpty();
    assertThat(holds(0, 127)).isFalse();
    add(0, PIECE);
    assertFault(
        () ->
            sealer.addPiece(
                SECTOR, 1024, U1016, () -> new ByteArrayInputStream(data), Progress.NONE),
        Kind.BAD_REQUEST,
        "announced");
    assertThat(holds(0, 1016)).isTrue();
    assertThat(holds(1016, 127)).isFalse();
  }

  @Test
  void addPiece_sourceFails_isIoAndNothingIsMarked() throws Exception {
    add(1024, PIECE);
    InputStream broken =
        new CallbackStream(() -> {
          throw new IOException("the client went away");
        });
    assertFault(
        () -> sealer.addPiece(SECTOR, 0, U1016, () -> broken, Progress.NONE),
        Kind.IO,
        "the client went away");
    assertThat(holds(0, 127)).isFalse();
    assertThat(holds(1016, 1016)).isTrue();
  }

  @Test
  void addPiece_interruptedThread_isCancelledWithoutTrace() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    AtomicReference<Throwable> caught = new AtomicReference<>();
    InputStream slow =
        new CallbackStream(() -> {
          reading.countDown();
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
          return 0;
        });
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                sealer.addPiece(SECTOR, 0, U1016, () -> slow, Progress.NONE);
              } catch (SealFault e) {
                caught.set(e);
              }
            });
    reading.await();
    thread.interrupt();
    thread.join();
    assertThat(caught.get())
        .isInstanceOfSatisfying(
            SealFault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(file).doesNotExist();
    assertThat(storage.locks.list()).isEmpty();
  }

  @Test
  void addPiece_overAnother_replacesIt() throws Exception {
    add(0, PIECE);
    byte[] other = PieceData.of("other", 1016);
    add(0, other);
    try (InputStream in = read(0, 1016)) {
      assertThat(in.readAllBytes()).isEqualTo(other);
    }
    sealer.addZeros(SECTOR, 512, U508, Progress.NONE);
    try (InputStream in = read(0, 1016)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOf(Arrays.copyOf(other, 508), 1016));
    }
  }

  @Test
  void addPiece_pathFull_isNoSpaceAndNothingIsDeclared() throws Exception {
    TestStorage small = new TestStorage(dir.resolve("small"));
    Path limited = small.attach("b", TestStorage.meta("b", true, true).withMaxStorage(2047));
    LocalSealer inSmall = small.sealer(CrashPoint.NONE);
    assertFault(
        () ->
            inSmall.addPiece(
                SECTOR, 0, U1016, () -> new ByteArrayInputStream(PIECE), Progress.NONE),
        Kind.NO_SPACE,
        "2048 bytes needed");
    assertThat(limited.resolve("unsealed/s-t01000-3")).doesNotExist();
    assertThat(small.report.list().values()).allSatisfy(list -> assertThat(list).isEmpty());
    assertThat(small.report.stat(TestStorage.meta("b", true, true).id()).orElseThrow())
        .isEqualTo(new FsStat(1 << 30, 2047, 1 << 30, 0, 2047, 0));
  }

  @Test
  void addPiece_damagedFile_namesIt() throws Exception {
    add(0, PIECE);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
    assertFault(() -> add(1024, PIECE), Kind.DAMAGED_FILE, file + ": 100 bytes, expected 2048");
    assertFault(() -> read(0, 127), Kind.DAMAGED_FILE, file + ": 100 bytes, expected 2048");
    assertFault(() -> holds(0, 127), Kind.DAMAGED_FILE, file.toString());
    assertThat(file).exists();
  }

  /** Stopped after each step in turn, then run again from what is on disk. */
  @Test
  void addPiece_crashAfterAnyStep_runsAgainToTheSameEnd() throws Exception {
    List<String> steps = Crash.stepsOf(crash -> addTwo(storage.sealer(crash)));
    assertThat(steps).contains("opened unsealed", "cleared range", "wrote data", "marked range");
    for (int stop = 0; stop < steps.size(); stop++) {
      Path root = dir.resolve("crash-" + stop);
      TestStorage before = new TestStorage(root);
      before.attach("a", TestStorage.meta("a", true, true));
      Crash.stopAt(stop, crash -> addTwo(before.sealer(crash)));
      TestStorage after = new TestStorage(root);
      after.paths.open(root.resolve("a"));
      LocalSealer again = after.sealer(CrashPoint.NONE);
      // Whatever is said to be there is right.
      if (again.isUnsealed(SECTOR, new UnpaddedRange(0, 1016))) {
        try (InputStream in = again.readPiece(SECTOR, new UnpaddedRange(0, 1016))) {
          assertThat(in.readAllBytes()).as(steps.get(stop)).isEqualTo(PIECE);
        }
      }
      addTwo(again);
      try (InputStream in = again.readPiece(SECTOR, new UnpaddedRange(0, 2032))) {
        assertThat(in.readAllBytes()).as(steps.get(stop)).isEqualTo(Arrays.copyOf(PIECE, 2032));
      }
      assertThat(after.paths.paths().getFirst().reservations().stat().reserved()).isZero();
    }
  }

  private static void addTwo(LocalSealer sealer) throws SealFault {
    sealer.addPiece(SECTOR, 0, U1016, () -> new ByteArrayInputStream(PIECE), Progress.NONE);
    sealer.addPiece(SECTOR, 0, U1016, () -> new ByteArrayInputStream(PIECE), Progress.NONE);
    sealer.addZeros(SECTOR, 1024, U1016, Progress.NONE);
  }

  @Test
  void remove_everythingOfTheSector_leavesOthers() throws Exception {
    add(0, PIECE);
    Files.write(path.resolve("sealed/s-t01000-3"), new byte[2048]);
    Files.write(path.resolve("sealed/s-t01000-4"), new byte[2048]);
    Files.createDirectories(path.resolve("cache/s-t01000-3"));
    Files.write(path.resolve("cache/s-t01000-3/p_aux"), new byte[64]);
    Files.createDirectories(path.resolve("cache/fetching/s-t01000-3"));
    storage.paths.redeclare(Optional.empty(), false);
    sealer.remove(SECTOR.id(), Permits.terminated(SECTOR.id()));
    sealer.remove(SECTOR.id(), Permits.terminated(SECTOR.id()));
    try (var left = Files.walk(path)) {
      assertThat(left.filter(p -> p.toString().contains("s-t01000")))
          .filteredOn(p -> !p.startsWith(path.resolve("trash")))
          .containsExactly(path.resolve("sealed/s-t01000-4"));
    }
    assertThat(storage.report.list().get(TestStorage.meta("a", true, true).id()))
        .containsExactly(new Declaration(SectorId.of(1000, 4), Set.of(SectorFileType.SEALED)));
  }

  /** A link that leads to itself stands in for a disk that refuses. */
  @Test
  void remove_fileThatStays_isReportedAndNoLongerDeclared() throws Exception {
    add(0, PIECE);
    Path second = storage.attach("b", TestStorage.meta("b", true, true));
    Path cache = Files.createDirectories(second.resolve("cache/s-t01000-3"));
    Files.write(cache.resolve("p_aux"), new byte[64]);
    storage.paths.redeclare(Optional.empty(), false);
    Path loop = second.resolve("sealed/fetching");
    Files.createSymbolicLink(loop, loop);
    assertFault(
        () -> sealer.remove(SECTOR.id(), Permits.terminated(SECTOR.id())),
        Kind.IO,
        second.resolve("sealed").toString());
    // All else was tried all the same.
    assertThat(file).doesNotExist();
    assertThat(cache).doesNotExist();
    assertThat(storage.report.findSector(SECTOR.id(), Set.of(SectorFileType.UNSEALED), 0, false))
        .isEmpty();
  }

  private PieceInfo add(long offset, byte[] data) throws SealFault {
    return sealer.addPiece(
        SECTOR,
        offset,
        new UnpaddedPieceSize(data.length),
        () -> new ByteArrayInputStream(data),
        Progress.NONE);
  }

  private InputStream read(long offset, long size) throws SealFault {
    return sealer.readPiece(SECTOR, new UnpaddedRange(offset, size));
  }

  private boolean holds(long offset, long size) throws SealFault {
    return sealer.isUnsealed(SECTOR, new UnpaddedRange(offset, size));
  }

  private static void assertFault(ThrowingCallable call, Kind kind, String message) {
    Faults.assertFault(call, kind, message);
  }
}
