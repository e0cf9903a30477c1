package io.selkie.storage;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPathsTest {

  private static final SectorId SECTOR = SectorId.of(1000, 3);
  private static final SectorSize SIZE = SectorSize.KIB_2;

  @TempDir Path dir;
  private TestStorage storage;

  @BeforeEach
  void setUp() {
    storage = new TestStorage(dir);
  }

  @Test
  void open_pathWithFiles_makesKindsAndDeclaresThem() throws IOException {
    SectorStoreMeta meta = TestStorage.meta("a", false, true);
    LocalPaths.init(dir.resolve("a"), meta);
    Files.createDirectories(dir.resolve("a/sealed/fetching"));
    Files.write(dir.resolve("a/sealed/s-t01000-3"), new byte[2048]);
    Files.createDirectories(dir.resolve("a/cache/s-t01000-3"));
    Files.createDirectories(dir.resolve("a/cache/s-t01000-20"));
    storage.paths.open(dir.resolve("a"));
    assertThat(dir.resolve("a/update-cache")).isDirectory();
    assertThat(storage.report.list())
        .containsOnlyKeys(meta.id())
        .containsEntry(
            meta.id(),
            List.of(
                new Declaration(SECTOR, Set.of(SEALED, CACHE)),
                new Declaration(SectorId.of(1000, 20), Set.of(CACHE))));
    assertThat(new Declaration(SECTOR, Set.of(SEALED, CACHE)).mask()).isEqualTo(6);
    assertThat(storage.report.local()).containsEntry(meta.id(), dir.resolve("a"));
    assertThat(storage.report.findSector(SECTOR, Set.of(SEALED, CACHE, UNSEALED), 0, false))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.weight()).isEqualTo(20);
          assertThat(found.primary()).isTrue();
          assertThat(found.urls()).contains("http://127.0.0.1:2345/remote/sealed/s-t01000-3");
        });
  }

  @Test
  void open_entryThatIsNoSectorsFile_stopsAndChangesNothing() throws IOException {
    LocalPaths.init(dir.resolve("a"), TestStorage.meta("a", true, true));
    Path kinds = Files.createDirectories(dir.resolve("a/sealed"));
    Path stray = Files.write(kinds.resolve("backup.bin"), new byte[1]);
    refuses(stray, "no sector's file");
    Files.delete(stray);

    Path link = Files.createSymbolicLink(kinds.resolve("s-t01000-3"), dir.resolve("elsewhere"));
    refuses(link, "no plain file");
    Files.delete(link);

    Path directory = Files.createDirectory(kinds.resolve("s-t01000-3"));
    refuses(directory, "no plain file");
    Files.delete(directory);

    Files.delete(kinds);
    Files.createSymbolicLink(kinds, dir);
    refuses(kinds, "is a link");
    Files.delete(kinds);

    storage.paths.open(dir.resolve("a"));
    assertThat(storage.report.local()).hasSize(1);
  }

  private void refuses(Path entry, String message) {
    assertThatThrownBy(() -> storage.paths.open(dir.resolve("a")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(entry.toString())
        .hasMessageContaining(message);
    assertThat(storage.report.local()).isEmpty();
    assertThat(storage.report.list()).isEmpty();
  }

  @Test
  void open_samePathTwice_isRefused() throws IOException {
    Path a = storage.attach("a", TestStorage.meta("a", true, true));
    assertThatThrownBy(() -> storage.paths.open(a)).hasMessageContaining("already opened: '" + a);
    assertThatThrownBy(() -> LocalPaths.init(a, TestStorage.meta("b", true, true)))
        .hasMessageContaining("exists already");
    assertThatThrownBy(() -> LocalPaths.init(dir.resolve("c"), TestStorage.meta("c", false, false)))
        .hasMessageContaining("neither seal nor store");
  }

  @Test
  void openAll_storageJson_opensEachAndNamesTheBadOne() throws IOException {
    LocalPaths.init(dir.resolve("a"), TestStorage.meta("a", true, true));
    StoragePathsFile file = new StoragePathsFile(dir);
    file.add(dir.resolve("a"));
    file.add(dir.resolve("b"));
    assertThatThrownBy(() -> storage.paths.openAll(file))
        .hasMessageContaining("opening local path " + dir.resolve("b"));
    assertThat(storage.report.local()).containsValue(dir.resolve("a"));
  }

  @Test
  void close_openPath_forgetsItAndKeepsItsFiles() throws IOException {
    Path a = storage.attach("a", TestStorage.meta("a", true, true));
    Files.write(a.resolve("sealed/s-t01000-3"), new byte[2048]);
    storage.paths.redeclare(Optional.empty(), false);
    storage.paths.close(a);
    assertThat(storage.report.list()).isEmpty();
    assertThat(a.resolve("sealed/s-t01000-3")).exists();
    assertThatThrownBy(() -> storage.paths.close(a)).hasMessageContaining("no local paths match");
    storage.paths.open(a);
    assertThat(storage.report.findSector(SECTOR, Set.of(SEALED), 0, false)).hasSize(1);
  }

  @Test
  void redeclare_dropMissing_dropsOnlyWhatIsGone() throws IOException {
    Path a = storage.attach("a", TestStorage.meta("a", true, true));
    Files.write(a.resolve("sealed/s-t01000-3"), new byte[2048]);
    Files.createDirectory(a.resolve("cache/s-t01000-3"));
    storage.paths.redeclare(Optional.empty(), false);
    Files.delete(a.resolve("sealed/s-t01000-3"));
    storage.paths.redeclare(Optional.empty(), false);
    assertThat(storage.report.findSector(SECTOR, Set.of(SEALED), 0, false)).hasSize(1);
    storage.paths.redeclare(Optional.of("no such id"), true);
    assertThat(storage.report.findSector(SECTOR, Set.of(SEALED), 0, false)).hasSize(1);
    storage.paths.redeclare(Optional.empty(), true);
    assertThat(storage.report.findSector(SECTOR, Set.of(SEALED), 0, false)).isEmpty();
    assertThat(storage.report.findSector(SECTOR, Set.of(CACHE), 0, false)).hasSize(1);
  }

  @Test
  void reserve_moreThanTheLimit_namesPathNeededAndAvailable() throws IOException {
    Path a = storage.attach("a", TestStorage.meta("a", true, true).withMaxStorage(5000));
    StorageReservations reservations = storage.paths.paths().getFirst().reservations();
    try (var _ = reservations.reserve(SECTOR, SEALED, 2048)) {
      assertThat(reservations.stat()).isEqualTo(new FsStat(1 << 30, 2952, 1 << 30, 2048, 5000, 0));
      assertThatThrownBy(() -> reservations.reserve(SECTOR, CACHE, 2953))
          .isInstanceOf(NoSpaceException.class)
          .hasMessageContaining(a.resolve("cache/s-t01000-3").toString())
          .hasMessageContaining("2953 bytes needed, 2952 available");
      // What is written is used, no longer reserved: the sum stays.
      Files.write(a.resolve("sealed/s-t01000-3"), new byte[1048]);
      assertThat(reservations.stat())
          .isEqualTo(new FsStat(1 << 30, 2952, 1 << 30, 1000, 5000, 1048));
      reservations.reserve(SECTOR, CACHE, 2952).close();
    }
    assertThat(reservations.stat().available()).isEqualTo(5000 - 1048);
    // What the file holds is credited to the next reservation.
    reservations.reserve(SECTOR, SEALED, 5000).close();
  }

  @Test
  void reserve_sparseUnsealedFile_countsOnlyItsValidBytes() throws IOException {
    Path a = storage.attach("a", TestStorage.meta("a", true, true).withMaxStorage(3000));
    StorageReservations reservations = storage.paths.paths().getFirst().reservations();
    try (PartialFile file = PartialFile.create(a.resolve("unsealed/s-t01000-3"), SIZE)) {
      assertThat(reservations.stat().used()).isEqualTo(4);
      file.markPresent(0, 1024);
      assertThat(reservations.stat().used()).isEqualTo(Files.size(file.file()) - 1024);
    }
  }

  @Test
  void choose_severalPaths_takesTheFittingOneWithMostWeightedRoom() throws IOException {
    storage.attach("seal", TestStorage.meta("seal", true, false));
    storage.attach("light", TestStorage.meta("light", false, true).withWeight(1));
    storage.attach("heavy", TestStorage.meta("heavy", false, true).withWeight(20));
    storage.attach("tiny", TestStorage.meta("tiny", false, true).withWeight(99).withMaxStorage(9));
    assertThat(storage.place(SECTOR, Set.of(SEALED), SIZE, PathType.STORAGE))
        .isEqualTo(dir.resolve("heavy"));
    assertThat(storage.place(SECTOR, Set.of(SEALED), SIZE, PathType.SEALING))
        .isEqualTo(dir.resolve("seal"));
    assertThatThrownBy(
            () -> storage.place(SECTOR, Set.of(CACHE), SectorSize.GIB_32, PathType.SEALING))
        .isInstanceOf(NoSpaceException.class)
        .hasMessageContaining("[cache] of sector s-t01000-3")
        .hasMessageContaining("484472310988 bytes needed");
  }
}
