package io.selkie.storage;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.Permits;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Removed files: into the trash, out of it, and gone when their time is over. */
class TrashTest {

  private static final SectorId SECTOR = SectorId.of(1000, 3);
  private static final byte[] REPLICA = bytes(2048, 7);
  private static final byte[] AUX = bytes(64, 9);

  @TempDir Path dir;
  private TestStorage storage;
  private Path a;

  @BeforeEach
  void setUp() throws IOException {
    storage = new TestStorage(dir);
    a = storage.attach("a", TestStorage.meta("a", true, true));
    fill(storage, a);
  }

  private static void fill(TestStorage storage, Path root) throws IOException {
    Files.write(root.resolve("sealed/s-t01000-3"), REPLICA);
    Files.createDirectories(root.resolve("cache/s-t01000-3"));
    Files.write(root.resolve("cache/s-t01000-3/p_aux"), AUX);
    try (PartialFile file =
        PartialFile.create(root.resolve("unsealed/s-t01000-3"), SectorSize.KIB_2)) {
      file.channel().write(ByteBuffer.wrap(bytes(1024, 3)), 0);
      file.markPresent(0, 1024);
    }
    storage.paths.redeclare(Optional.empty(), true);
  }

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static RemovedFiles removed(TestStorage storage) {
    return new RemovedFiles(storage.paths, storage.index, storage.locks);
  }

  private void remove() throws SealFault {
    storage.sealer(CrashPoint.NONE).remove(SECTOR, Permits.terminated(SECTOR));
  }

  private static void assertWhole(TestStorage storage, Path root) throws IOException {
    assertThat(root.resolve("sealed/s-t01000-3")).hasBinaryContent(REPLICA);
    assertThat(root.resolve("cache/s-t01000-3/p_aux")).hasBinaryContent(AUX);
    try (PartialFile file =
        PartialFile.openRead(root.resolve("unsealed/s-t01000-3"), SectorSize.KIB_2)) {
      assertThat(file.present().size()).isEqualTo(1024);
    }
    assertThat(storage.index.held(storage.only().id(), SECTOR))
        .containsExactlyInAnyOrder(UNSEALED, SEALED, CACHE);
  }

  @Test
  void remove_sector_isInTheTrashAndComesBackWhole() throws Exception {
    remove();
    assertThat(storage.index.held(storage.only().id(), SECTOR)).isEmpty();
    List<RemovedFiles.Removed> all = removed(storage).list();
    assertThat(all)
        .extracting(each -> each.entry().type())
        .containsExactlyInAnyOrder(UNSEALED, SEALED, CACHE);
    assertThat(all)
        .allSatisfy(each -> {
          assertThat(each.entry().sector()).isEqualTo(SECTOR);
          assertThat(each.entry().why()).isEqualTo("terminated");
          assertThat(each.entry().removedAt()).isEqualTo(storage.now);
          assertThat(each.keptUntil()).isEqualTo(storage.now.plus(Duration.ofDays(7)));
          assertThat(each.bytes()).isPositive();
        });
    // A new process finds the same.
    TestStorage after = new TestStorage(dir);
    after.paths.open(a);
    for (RemovedFiles.Removed each : removed(after).list()) {
      assertThat(removed(after).restore(each.path(), each.entry().name())).isEqualTo(each.entry());
    }
    assertThat(removed(after).list()).isEmpty();
    assertWhole(after, a);
  }

  @Test
  void remove_crashAfterAnyStep_losesNothingAndRunsAgain() throws Exception {
    List<String> steps = Crash.stepsOf(crash -> removeAndRestore(copy("whole"), crash));
    assertThat(steps)
        .contains("trashed unsealed", "trashed sealed", "trashed cache", "restored sealed");
    for (int stop = 0; stop < steps.size(); stop++) {
      TestStorage before = copy("crash-" + stop);
      Crash.stopAt(stop, crash -> removeAndRestore(before, crash));
      TestStorage after = new TestStorage(before.root);
      after.paths.open(before.root.resolve("a"));
      // Whatever is in the trash goes back; together with what never left it is everything.
      for (RemovedFiles.Removed each : removed(after).list()) {
        removed(after).restore(each.path(), each.entry().name());
      }
      assertWhole(after, before.root.resolve("a"));
      after.sealer(CrashPoint.NONE).remove(SECTOR, Permits.terminated(SECTOR));
      assertThat(removed(after).list()).as(steps.get(stop)).hasSize(3);
      assertThat(after.index.held(after.only().id(), SECTOR)).isEmpty();
    }
  }

  private TestStorage copy(String name) throws IOException {
    TestStorage copy = new TestStorage(dir.resolve(name));
    fill(copy, copy.attach("a", TestStorage.meta("a", true, true)));
    return copy;
  }

  private static void removeAndRestore(TestStorage storage, CrashPoint crash) throws Exception {
    storage.sealer(crash).remove(SECTOR, Permits.terminated(SECTOR));
    SectorFiles files = new SectorFiles(storage.paths, storage.index, (_, _) -> true, crash);
    RemovedFiles removed = new RemovedFiles(storage.paths, files, storage.locks);
    for (RemovedFiles.Removed each : removed.list()) {
      removed.restore(each.path(), each.entry().name());
    }
  }

  @Test
  void remove_permitOfAnotherSector_removesNothing() throws Exception {
    Faults.assertFault(
        () ->
            storage
                .sealer(CrashPoint.NONE)
                .remove(SECTOR, Permits.terminated(SectorId.of(1000, 4))),
        Kind.BAD_REQUEST,
        "s-t01000-4");
    assertWhole(storage, a);
  }

  @Test
  void remove_unfinishedTrailer_isFinishedBeforeTheFileGoes() throws Exception {
    Path file = a.resolve("unsealed/s-t01000-3");
    PartialFile.writePending(file, PartialFile.trailer(io.selkie.abi.BitField.ofRange(0, 512)));
    remove();
    RemovedFiles.Removed entry =
        removed(storage).list().stream()
            .filter(each -> each.entry().type() == UNSEALED)
            .findFirst()
            .orElseThrow();
    removed(storage).restore(entry.path(), entry.entry().name());
    try (PartialFile back = PartialFile.openRead(file, SectorSize.KIB_2)) {
      assertThat(back.present().size()).isEqualTo(512);
    }
  }

  @Test
  void remove_retentionOfZero_deletesAtOnce() throws Exception {
    TestStorage zero =
        new TestStorage(dir.resolve("z"), dir, new TrashPolicy(Duration.ZERO, false));
    Path z = zero.attach("a", TestStorage.meta("a", true, true));
    fill(zero, z);
    zero.sealer(CrashPoint.NONE).remove(SECTOR, Permits.terminated(SECTOR));
    assertThat(z.resolve("trash")).isEmptyDirectory();
    assertThat(z.resolve("sealed/s-t01000-3")).doesNotExist();
  }

  @Test
  void restore_placeTakenOrSectorBusy_isRefusedAndNothingChanges() throws Exception {
    remove();
    Path b = storage.attach("b", TestStorage.meta("b", true, true));
    RemovedFiles trash = removed(storage);
    RemovedFiles.Removed sealed =
        trash.list().stream()
            .filter(each -> each.entry().type() == SEALED)
            .findFirst()
            .orElseThrow();
    Path other = Files.write(b.resolve("sealed/s-t01000-3"), new byte[1]);
    assertThatThrownBy(() -> trash.restore(sealed.path(), sealed.entry().name()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(other + " is there");
    Files.delete(other);
    try (var _ = storage.locks.lock(SECTOR, Set.of(SEALED), Set.of())) {
      assertThatThrownBy(() -> trash.restore(sealed.path(), sealed.entry().name()))
          .hasMessageContaining("is being worked on");
    }
    assertThatThrownBy(() -> trash.restore(sealed.path(), "../../etc"))
        .hasMessageContaining("no entry '../../etc'");
    assertThatThrownBy(() -> trash.restore("nowhere", sealed.entry().name()))
        .hasMessageContaining("nowhere is not open");
    assertThat(trash.list()).hasSize(3);
    trash.purge(sealed.path(), sealed.entry().name());
    assertThat(trash.list()).hasSize(2);
    assertThatThrownBy(() -> trash.restore(sealed.path(), sealed.entry().name()))
        .hasMessageContaining("no entry");
  }

  @Test
  void sweep_clockMovesOn_deletesWhatIsOverAndNothingElse() throws Exception {
    remove();
    Path foreign = Files.write(a.resolve("trash/mine.txt"), new byte[1]);
    Path half =
        Files.createDirectory(
            a.resolve("trash")
                .resolve(
                    "purging-" + new TrashEntry(storage.now, CACHE, SECTOR, "terminated").name()));
    Files.write(half.resolve("t_aux"), new byte[1]);
    TrashSweep sweep = new TrashSweep(storage.paths, storage.clock);
    storage.now = storage.now.plus(Duration.ofDays(7)).minusMillis(1);
    assertThat(sweep.run()).isEqualTo(new TrashSweep.Swept(0, List.of()));
    assertThat(half).doesNotExist();
    assertThat(removed(storage).list()).hasSize(3);
    storage.now = storage.now.plusMillis(1);
    assertThat(sweep.run()).isEqualTo(new TrashSweep.Swept(3, List.of()));
    assertThat(a.resolve("trash")).isDirectoryContaining(foreign::equals);
    assertThat(removed(storage).list()).isEmpty();
    storage.now = storage.now.plus(Duration.ofDays(1));
    Files.move(a, dir.resolve("away"));
    assertThat(sweep.run().failures()).singleElement().asString().contains(a.toString());
  }

  @Test
  void put_sameSectorTwiceInOneMillisecond_keepsBoth() throws Exception {
    remove();
    fill(storage, a);
    remove();
    assertThat(removed(storage).list()).hasSize(6);
  }

  @Test
  void stat_removedFiles_countAsUsed() throws Exception {
    Path limited =
        storage.attach("limited", TestStorage.meta("l", true, true).withMaxStorage(10_000));
    Files.write(limited.resolve("sealed/s-t01000-5"), new byte[2048]);
    storage.paths.redeclare(Optional.empty(), false);
    String id = TestStorage.meta("l", true, true).id();
    assertThat(storage.paths.stat(id).orElseThrow().used()).isEqualTo(2048);
    SectorId five = SectorId.of(1000, 5);
    storage.sealer(CrashPoint.NONE).remove(five, Permits.terminated(five));
    assertThat(storage.paths.stat(id).orElseThrow().used()).isEqualTo(2048);
    removed(storage)
        .purge(
            id,
            removed(storage).list().stream()
                .filter(each -> each.path().equals(id))
                .findFirst()
                .orElseThrow()
                .entry()
                .name());
    assertThat(storage.paths.stat(id).orElseThrow().used()).isZero();
  }

  @Test
  void reserveOn_noRoom_purgesTheOldestOnlyIfTold() throws Exception {
    for (boolean purges : List.of(false, true)) {
      TestStorage full =
          new TestStorage(
              dir.resolve("on-" + purges), dir, new TrashPolicy(Duration.ofDays(7), purges));
      Path path = full.attach("a", TestStorage.meta("a", true, true).withMaxStorage(3000));
      Files.write(path.resolve("sealed/s-t01000-3"), new byte[2048]);
      full.sealer(CrashPoint.NONE).remove(SECTOR, Permits.terminated(SECTOR));
      Allocator allocator = full.paths.allocator();
      if (purges) {
        allocator.reserveOn(full.only(), SECTOR, SEALED, 3000).close();
        assertThat(removed(full).list()).isEmpty();
        assertThatThrownBy(() -> allocator.reserveOn(full.only(), SECTOR, SEALED, 3001))
            .isInstanceOf(NoSpaceException.class);
      } else {
        assertThatThrownBy(() -> allocator.reserveOn(full.only(), SECTOR, SEALED, 3000))
            .isInstanceOf(NoSpaceException.class);
        assertThat(removed(full).list()).hasSize(1);
      }
    }
  }

  @Test
  void allocate_noRoom_purgesTheOldestOnlyIfTold() throws Exception {
    for (boolean purges : List.of(false, true)) {
      TestStorage full =
          new TestStorage(
              dir.resolve("full-" + purges), dir, new TrashPolicy(Duration.ofDays(7), purges));
      Path path = full.attach("a", TestStorage.meta("a", true, true).withMaxStorage(7000));
      for (int n = 1; n <= 3; n++) {
        SectorId sector = SectorId.of(1000, n);
        Files.write(path.resolve("sealed").resolve(sector.fileName()), new byte[2048]);
        full.sealer(CrashPoint.NONE).remove(sector, Permits.terminated(sector));
        full.now = full.now.plusSeconds(1);
      }
      if (purges) {
        assertThat(full.place(SECTOR, Set.of(SEALED), SectorSize.KIB_2, PathType.SEALING))
            .isEqualTo(path);
        assertThat(removed(full).list())
            .extracting(each -> each.entry().sector().number().value())
            .containsExactly(2L, 3L);
      } else {
        assertThatThrownBy(
                () -> full.place(SECTOR, Set.of(SEALED), SectorSize.KIB_2, PathType.SEALING))
            .isInstanceOf(NoSpaceException.class)
            .hasMessageContaining(path + " has 856 available");
        assertThat(removed(full).list()).hasSize(3);
      }
    }
  }
}
