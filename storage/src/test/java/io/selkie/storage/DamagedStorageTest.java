package io.selkie.storage;

import static io.selkie.storage.LotusSector3.SECTOR;
import static io.selkie.storage.LotusSector3.TICKET;
import static io.selkie.storage.SealAndStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.Permits;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storage that goes away or changes under our hands: the sector waits, and nothing is lost. */
class DamagedStorageTest {

  @TempDir static Path parents;

  @TempDir Path dir;

  /** Moves a path's directory aside and leaves an empty one, as unmounting does. */
  private static void unmount(Path root) throws IOException {
    Files.move(root, root.resolveSibling("away"));
    Files.createDirectory(root);
  }

  private static void mount(Path root) throws IOException {
    try (var left = Files.list(root)) {
      assertThat(left).as("written below a mount point").isEmpty();
    }
    Files.delete(root);
    Files.move(root.resolveSibling("away"), root);
  }

  @Test
  void everyStep_pathAway_waitsAndThenGoesOn() throws Exception {
    TestStorage storage = SealAndStore.create(dir, parents);
    storage.attach("spare", TestStorage.meta("spare", true, true));
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    Path home = SealAndStore.find(storage, SectorFileType.UNSEALED).getFirst();
    unmount(home);
    Faults.assertFault(
        () -> LotusSector3.addPieces(sealer), Kind.UNREACHABLE, "storage path " + home);
    Faults.assertFault(
        () -> sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE),
        Kind.UNREACHABLE,
        "storage path " + home);
    Faults.assertFault(() -> read(sealer, 0, 127), Kind.UNREACHABLE, "is it mounted?");
    Faults.assertFault(
        () -> sealer.remove(SECTOR.id(), Permits.terminated(SECTOR.id())),
        Kind.UNREACHABLE,
        "storage path " + home);
    // It is still declared, and health says what is wrong.
    assertThat(SealAndStore.find(storage, SectorFileType.UNSEALED)).containsExactly(home);
    storage.paths.reportHealth();
    assertThat(storage.index.health(idOf(storage, home)).orElseThrow().error())
        .contains(home.toString());
    mount(home);
    assertThat(SealAndStore.preCommit(storage, CrashPoint.NONE).commR())
        .isEqualTo(LotusSector3.COMM_R);
  }

  private static String idOf(TestStorage storage, Path root) {
    return storage.paths.local().entrySet().stream()
        .filter(each -> each.getValue().equals(root))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  @Test
  void finalize_sealedPathAway_waits() throws Exception {
    TestStorage storage = SealAndStore.create(dir, parents);
    LotusSector3.addPieces(storage.sealer(CrashPoint.NONE));
    SealAndStore.preCommit(storage, CrashPoint.NONE);
    unmount(dir.resolve("seal"));
    Faults.assertFault(
        () -> storage.sealer(CrashPoint.NONE).finalizeSector(SECTOR, List.of()),
        Kind.UNREACHABLE,
        "storage path " + dir.resolve("seal"));
    mount(dir.resolve("seal"));
    // And with the place it is to go to.
    Files.move(dir.resolve("store"), dir.resolve("away"));
    Faults.assertFault(
        () -> storage.sealer(CrashPoint.NONE).finalizeSector(SECTOR, List.of()),
        Kind.NO_SPACE,
        dir.resolve("store") + " is faulty");
    Files.move(dir.resolve("away"), dir.resolve("store"));
    storage.sealer(CrashPoint.NONE).finalizeSector(SECTOR, List.of());
    SealAndStore.assertFinalised(dir);
  }

  @Test
  void redeclare_pathAway_dropsNothing() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    Path store = storage.attach("store", TestStorage.meta("s", false, true));
    LotusSector3.writeFinalised(store);
    storage.paths.redeclare(Optional.empty(), false);
    unmount(store);
    assertThatThrownBy(() -> storage.paths.redeclare(Optional.empty(), true))
        .isInstanceOf(UnreachablePathException.class);
    assertThat(SealAndStore.find(storage, SectorFileType.SEALED)).containsExactly(store);
  }

  /** Another disk in the same place is not this path. */
  @Test
  void requireReachable_anotherPathInItsPlace_isRefused() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    Path store = storage.attach("store", TestStorage.meta("s", true, true));
    SectorStoreMeta other = TestStorage.meta("other", true, true);
    other.write(store);
    Faults.assertFault(
        () -> LotusSector3.addPieces(storage.sealer(CrashPoint.NONE)),
        Kind.NO_SPACE,
        "it is now the path " + other.id());
  }

  @Test
  void readPiece_fileGoesOrShrinksMeanwhile_endsOrIsNamed() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    Path store = storage.attach("store", TestStorage.meta("s", true, true));
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    Path file = store.resolve("unsealed/s-t01000-3");
    byte[] whole = Files.readAllBytes(file);
    try (InputStream in = sealer.readPiece(SECTOR, new UnpaddedRange(0, 1016))) {
      Files.delete(file);
      assertThat(in.readAllBytes()).isEqualTo(LotusSector3.PIECE_0);
    }
    Faults.assertFault(() -> read(sealer, 0, 1016), Kind.MISSING_FILE, "not all unsealed");
    Files.write(file, whole);
    try (InputStream in = sealer.readPiece(SECTOR, new UnpaddedRange(0, 1016));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(100);
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("ends at 100");
    }
    Faults.assertFault(() -> read(sealer, 0, 1016), Kind.DAMAGED_FILE, file.toString());
    assertThat(storage.locks.list()).isEmpty();
  }

  /** Links and foreign names that appear while the path is open are not followed or taken. */
  @Test
  void sectorFile_replacedByALink_isNotFollowed() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    Path store = storage.attach("store", TestStorage.meta("s", true, true));
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    Path file = store.resolve("unsealed/s-t01000-3");
    Path elsewhere = dir.resolve("elsewhere");
    Files.move(file, elsewhere);
    Files.createSymbolicLink(file, elsewhere);
    byte[] before = Files.readAllBytes(elsewhere);
    Faults.assertFault(() -> read(sealer, 0, 127), Kind.MISSING_FILE, "not all unsealed");
    sealer.remove(SECTOR.id(), Permits.terminated(SECTOR.id()));
    assertThat(elsewhere).hasBinaryContent(before);
    Path foreign = Files.write(store.resolve("sealed/foreign"), new byte[1]);
    assertThatThrownBy(() -> storage.paths.redeclare(Optional.empty(), true))
        .hasMessageContaining(foreign.toString());
  }

  /** A filesystem that can only be read has no room, and what is on it can still be read. */
  @Test
  void addPiece_noRoomToWrite_isNoSpaceAndReadsGoOn() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    storage.attach("store", TestStorage.meta("s", true, true));
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    storage.freeBytes = 0;
    assertThat(read(sealer, 0, 1016)).isEqualTo(LotusSector3.PIECE_0);
    SealFault fault = null;
    try {
      sealer.addPiece(
          new io.selkie.pipeline.Sealer.SectorRef(
              io.selkie.abi.SectorId.of(1000, 4), SECTOR.proof()),
          0,
          new UnpaddedPieceSize(1016),
          () -> new ByteArrayInputStream(LotusSector3.PIECE_0),
          Progress.NONE);
    } catch (SealFault e) {
      fault = e;
    }
    assertThat(fault).isNotNull().extracting(SealFault::kind).isEqualTo(Kind.NO_SPACE);
  }

  /** A replica that was finished once is kept when its place is needed; an attempt's is not. */
  @Test
  void preCommit1_overAFinishedReplica_putsItIntoTheTrash() throws Exception {
    TestStorage storage = SealAndStore.create(dir, parents);
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    SealAndStore.preCommit(storage, CrashPoint.NONE);
    SealAndStore.preCommit(storage, CrashPoint.NONE);
    RemovedFiles removed = new RemovedFiles(storage.paths, storage.index, storage.locks);
    assertThat(removed.list()).isEmpty();
    sealer.finalizeSector(SECTOR, List.of(new UnpaddedRange(0, 2032)));
    SealAndStore.preCommit(storage, CrashPoint.NONE);
    assertThat(removed.list())
        .extracting(each -> each.entry().type() + " " + each.entry().why())
        .containsExactlyInAnyOrder("SEALED overwritten", "CACHE overwritten");
    assertThat(Set.copyOf(SealAndStore.find(storage, SectorFileType.SEALED))).hasSize(1);
  }

  /** Where AllowTo of the sealing path leaves only one group, the room elsewhere does not count. */
  @Test
  void finalize_groupsAndKinds_areHeldToWhenMoving() throws Exception {
    TestStorage storage = new TestStorage(dir, parents);
    storage.attach("seal", withGroups("seal", true, false, List.of(), List.of("archive")));
    storage.attach("large", TestStorage.meta("large", false, true).withWeight(99));
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    SealAndStore.preCommit(storage, CrashPoint.NONE);
    Faults.assertFault(
        () -> sealer.finalizeSector(SECTOR, List.of()),
        Kind.NO_SPACE,
        dir.resolve("large") + " is in none of the groups [archive]");
    Path archive =
        storage.attach(
            "archive",
            AllocatorTest.withTypes(
                withGroups("archive", false, true, List.of("archive"), List.of()), "", "cache"));
    Path caches =
        storage.attach("caches", withGroups("c", false, true, List.of("archive"), List.of()));
    sealer.finalizeSector(SECTOR, List.of());
    assertThat(SealAndStore.find(storage, SectorFileType.CACHE)).containsExactly(caches);
    assertThat(SealAndStore.find(storage, SectorFileType.SEALED))
        .hasSize(1)
        .isSubsetOf(archive, caches);
  }

  private static SectorStoreMeta withGroups(
      String name, boolean seal, boolean store, List<String> groups, List<String> allowTo) {
    SectorStoreMeta meta = TestStorage.meta(name, seal, store);
    return new SectorStoreMeta(
        meta.id(),
        meta.weight(),
        seal,
        store,
        0,
        groups,
        allowTo,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
