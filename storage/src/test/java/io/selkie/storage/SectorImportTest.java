package io.selkie.storage;

import static io.selkie.storage.LotusSector3.COMM_R;
import static io.selkie.storage.LotusSector3.SECTOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.selkie.abi.PieceInfo;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.storage.SectorImport.Download;
import io.selkie.storage.SectorImport.Expected;
import io.selkie.storage.SectorImport.Origin;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica from elsewhere is declared with the cache that it belongs to, or not at all. */
final class SectorImportTest {

  private static final byte[] SEALED = LotusSector3.bytes("sealed_hex");
  private static final byte[] ROOTS = LotusSector3.bytes("p_aux_hex");
  private static final byte[] TREE = LotusSector3.bytes("tree_r_last_hex");
  private static final byte[] STORES = LotusSector3.bytes("t_aux_hex_after_finalize");
  private static final Expected EXPECTED = new Expected(Optional.empty(), Optional.of(COMM_R));

  @TempDir Path dir;
  private TestStorage storage;
  private SectorImport imports;
  private final Answers sealed = new Answers();
  private final Answers cache = new Answers();

  /** What is answered to one request after the other; the last answer to all that follow. */
  private static final class Answers implements SectorImport.Source {
    private final List<SectorImport.Source> answers = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();

    Answers then(SectorImport.Source answer) {
      answers.add(answer);
      return this;
    }

    /** The file, or the rest of it. */
    Answers then(byte[] whole) {
      return then(from ->
          new Download(
              from,
              OptionalLong.of(whole.length - from),
              new ByteArrayInputStream(whole, (int) from, whole.length - (int) from)));
    }

    @Override
    public Download open(long from) throws IOException {
      asked.add(from);
      return answers.get(Math.min(asked.size(), answers.size()) - 1).open(from);
    }
  }

  @BeforeEach
  void open() throws IOException {
    storage = new TestStorage(dir);
    storage.attach("a", TestStorage.meta("a", true, true));
    imports =
        new SectorImport(
            storage.paths,
            storage.index,
            storage.locks,
            1,
            dir.resolve("parents"),
            new SplittableRandom(7));
  }

  private static byte[] archive(byte[] roots, byte[] tree) {
    return new TarBytes()
        .file("p_aux", roots)
        .file("sc-02-data-tree-r-last.dat", tree)
        .file("t_aux", STORES)
        .closed();
  }

  private static byte[] damaged(byte[] whole, int at) {
    byte[] damaged = whole.clone();
    damaged[at] ^= 1;
    return damaged;
  }

  private void bring(Origin replica, Origin beside) throws SealFault {
    imports.bringReplica(SECTOR, replica, beside, PathType.SEALING, EXPECTED, Progress.NONE);
  }

  private void bring() throws SealFault {
    bring(new Origin.Remote(sealed), new Origin.Remote(cache));
  }

  private SealFault fault() {
    return catchThrowableOfType(SealFault.class, this::bring);
  }

  private Path place(SectorFileType type) {
    return storage.only().file(type, SECTOR.id());
  }

  private Path unfinished(SectorFileType type) {
    return storage.only().unfinished(type, SECTOR.id());
  }

  private boolean isHere(SectorFileType type) throws SealFault {
    return imports.isHere(SECTOR.id(), type);
  }

  private void requireWhole() throws Exception {
    assertThat(isHere(SectorFileType.SEALED)).isTrue();
    assertThat(isHere(SectorFileType.CACHE)).isTrue();
    assertThat(place(SectorFileType.SEALED)).hasBinaryContent(SEALED);
    assertThat(place(SectorFileType.CACHE).resolve("sc-02-data-tree-r-last.dat"))
        .hasBinaryContent(TREE);
    assertThat(unfinished(SectorFileType.SEALED)).doesNotExist();
    assertThat(unfinished(SectorFileType.CACHE)).doesNotExist();
  }

  private void requireNothing() throws Exception {
    for (SectorFileType type : List.of(SectorFileType.SEALED, SectorFileType.CACHE)) {
      assertThat(isHere(type)).isFalse();
      assertThat(place(type)).doesNotExist();
      assertThat(unfinished(type)).doesNotExist();
    }
  }

  @Test
  void replica_withItsCache_isTaken() throws Exception {
    sealed.then(SEALED);
    cache.then(archive(ROOTS, TREE));
    bring();
    requireWhole();
    bring();
    assertThat(sealed.asked).containsExactly(0L);
    assertThat(cache.asked).containsExactly(0L);
  }

  @Test
  void replica_withOneWrongNode_isFetchedAnew() throws Exception {
    sealed.then(damaged(SEALED, 1000)).then(SEALED);
    cache.then(archive(ROOTS, TREE));
    bring();
    requireWhole();
    assertThat(sealed.asked).containsExactly(0L, 0L);
  }

  @Test
  void replica_thatIsDamagedWhereItComesFrom_isRefusedAndNeverDeclared() throws Exception {
    sealed.then(damaged(SEALED, 1000));
    cache.then(archive(ROOTS, TREE));
    SealFault fault = fault();
    assertThat(fault.kind()).isEqualTo(Kind.DAMAGED_FILE);
    assertThat(fault)
        .hasMessageStartingWith("bringing the replica of sector s-t01000-3: ")
        .hasMessageContaining("fetched 2 times: node ");
    assertThat(sealed.asked).hasSize(SectorImport.REPLICA_FETCHES);
    requireNothing();
    sealed.then(SEALED);
    bring();
    requireWhole();
  }

  @Test
  void cache_withAWrongKeptTree_isFetchedAnew() throws Exception {
    sealed.then(SEALED);
    // The roots in p_aux are right, so the cache is good by itself.
    cache.then(archive(ROOTS, damaged(TREE, 3))).then(archive(ROOTS, TREE));
    bring();
    requireWhole();
    assertThat(cache.asked).hasSize(2);
  }

  @Test
  void cache_withoutItsTree_isRefused() throws Exception {
    sealed.then(SEALED);
    cache.then(new TarBytes().file("p_aux", ROOTS).file("t_aux", STORES).closed());
    assertThat(fault())
        .hasMessageContaining("sc-02-data-tree-r-last.dat is missing")
        .extracting(SealFault::kind)
        .isEqualTo(Kind.DAMAGED_FILE);
    requireNothing();
  }

  @Test
  void localReplica_thatIsDamaged_isRefusedAndStaysWhereItIs() throws Exception {
    byte[] wrong = damaged(SEALED, 5);
    Files.write(place(SectorFileType.SEALED), wrong);
    storage.index.declare(storage.only().id(), SECTOR.id(), Set.of(SectorFileType.SEALED), true);
    cache.then(archive(ROOTS, TREE));
    SealFault fault =
        catchThrowableOfType(
            SealFault.class, () -> bring(new Origin.Local(), new Origin.Remote(cache)));
    assertThat(fault.kind()).isEqualTo(Kind.DAMAGED_FILE);
    assertThat(fault).hasMessageContaining("sealed/s-t01000-3: with the cache in ");
    assertThat(place(SectorFileType.SEALED)).hasBinaryContent(wrong);
    assertThat(isHere(SectorFileType.CACHE)).isFalse();
    assertThat(unfinished(SectorFileType.CACHE)).doesNotExist();
  }

  @Test
  void localFiles_thatDoNotBelongTogether_areRefusedAtOnce() throws Exception {
    LotusSector3.writeFinalised(storage.only().root());
    storage.paths.redeclare(Optional.empty(), false);
    bring(new Origin.Local(), new Origin.Local());
    Files.write(place(SectorFileType.SEALED), damaged(SEALED, 5));
    SealFault fault =
        catchThrowableOfType(SealFault.class, () -> bring(new Origin.Local(), new Origin.Local()));
    assertThat(fault.kind()).isEqualTo(Kind.DAMAGED_FILE);
    assertThat(fault.getMessage()).doesNotContain("fetched");
    assertThat(isHere(SectorFileType.CACHE)).isTrue();
  }

  @Test
  void localFiles_thatAreNotThere_areMissing() {
    SealFault fault =
        catchThrowableOfType(SealFault.class, () -> bring(new Origin.Local(), new Origin.Local()));
    assertThat(fault.kind()).isEqualTo(Kind.MISSING_FILE);
  }

  @Test
  void replica_thatCameBeforeItsCacheBrokeOff_isNotAskedForAgain() throws Exception {
    byte[] archive = archive(ROOTS, TREE);
    sealed.then(SEALED);
    cache.then(Arrays.copyOf(archive, 700)).then(archive);
    assertThat(fault()).hasCauseInstanceOf(EOFException.class);
    assertThat(isHere(SectorFileType.SEALED)).isFalse();
    bring();
    requireWhole();
    assertThat(sealed.asked).containsExactly(0L);
  }

  @Test
  void replica_thatBreaksOff_isGoneOnWith() throws Exception {
    sealed
        .then(_ ->
            new Download(0, OptionalLong.of(SEALED.length), broken(Arrays.copyOf(SEALED, 700))))
        // This one does not say how many bytes there are, and ends as if these were all.
        .then(from -> rest(from, 1300))
        .then(SEALED);
    cache.then(archive(ROOTS, TREE));
    assertThat(fault())
        .hasMessageContaining("reset")
        .extracting(SealFault::kind)
        .isEqualTo(Kind.IO);
    assertThat(fault())
        .hasMessageContaining("it broke off after 1300 of 2048 bytes")
        .extracting(SealFault::kind)
        .isEqualTo(Kind.IO);
    assertThat(unfinished(SectorFileType.SEALED)).hasBinaryContent(Arrays.copyOf(SEALED, 1300));
    bring();
    requireWhole();
    assertThat(sealed.asked).containsExactly(0L, 700L, 1300L);
  }

  private static Download rest(long from, int to) {
    return new Download(
        from, OptionalLong.empty(), new ByteArrayInputStream(SEALED, (int) from, to - (int) from));
  }

  /** These bytes, and then a connection that is reset. */
  private static InputStream broken(byte[] bytes) {
    return new SequenceInputStream(
        new ByteArrayInputStream(bytes),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset");
          }

          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            throw new IOException("reset");
          }
        });
  }

  @Test
  void replica_thatIsTooLongOrTooShort_isRefused() throws Exception {
    cache.then(archive(ROOTS, TREE));
    sealed.then(Arrays.copyOf(SEALED, 4096)).then(Arrays.copyOf(SEALED, 1024));
    assertThat(fault())
        .hasMessageContaining("it has 4096 bytes or more, the limit is 2048")
        .extracting(SealFault::kind)
        .isEqualTo(Kind.BAD_REQUEST);
    assertThat(fault())
        .hasMessageContaining("1024 bytes, expected 2048")
        .extracting(SealFault::kind)
        .isEqualTo(Kind.DAMAGED_FILE);
    requireNothing();
  }

  /** A link where the unfinished file is to be: nothing is written through it. */
  @Test
  void replica_ontoALink_isNotWrittenThroughIt() throws Exception {
    Path outside = dir.resolve("outside");
    Files.createDirectories(unfinished(SectorFileType.SEALED).getParent());
    Files.createSymbolicLink(unfinished(SectorFileType.SEALED), outside);
    sealed.then(SEALED);
    cache.then(archive(ROOTS, TREE));
    assertThat(fault().kind()).isEqualTo(Kind.IO);
    assertThat(outside).doesNotExist();
    assertThat(isHere(SectorFileType.SEALED)).isFalse();
  }

  @Test
  void files_whileTheyCome_areFoundByNoScan() throws Exception {
    sealed.then(SEALED);
    cache.then(from -> {
      storage.paths.redeclare(Optional.empty(), false);
      assertThat(storage.index.find(SECTOR.id(), Set.of(SectorFileType.SEALED))).isEmpty();
      return new Answers().then(archive(ROOTS, TREE)).open(from);
    });
    bring();
    requireWhole();
    try (Stream<Path> left = Files.list(unfinished(SectorFileType.SEALED).getParent())) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void data_withGaps_isTakenBesideAReplicaOnly() throws Exception {
    TestStorage other = new TestStorage(dir.resolve("other"));
    other.attach("b", TestStorage.meta("b", true, true));
    PieceInfo _ =
        other
            .sealer(CrashPoint.NONE)
            .addPiece(
                SECTOR,
                0,
                new UnpaddedPieceSize(1016),
                () -> new ByteArrayInputStream(LotusSector3.PIECE_0),
                Progress.NONE);
    byte[] half = Files.readAllBytes(other.only().file(SectorFileType.UNSEALED, SECTOR.id()));
    Answers data = new Answers().then(half);
    Expected alone = new Expected(Optional.of(LotusSector3.COMM_D), Optional.empty());
    SealFault fault =
        catchThrowableOfType(
            SealFault.class,
            () ->
                imports.bring(
                    SECTOR, SectorFileType.UNSEALED, PathType.SEALING, data, alone, Progress.NONE));
    assertThat(fault).hasMessageContaining("only 1024 of 2048 padded bytes are valid");
    assertThat(fault.kind()).isEqualTo(Kind.DAMAGED_FILE);
    assertThat(isHere(SectorFileType.UNSEALED)).isFalse();
    imports.bring(
        SECTOR,
        SectorFileType.UNSEALED,
        PathType.SEALING,
        data,
        new Expected(Optional.of(LotusSector3.COMM_D), Optional.of(COMM_R)),
        Progress.NONE);
    assertThat(isHere(SectorFileType.UNSEALED)).isTrue();
  }
}
