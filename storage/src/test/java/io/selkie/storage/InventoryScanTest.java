package io.selkie.storage;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.selkie.abi.SectorId;
import io.selkie.storage.StorageInventory.PathContents;
import io.selkie.storage.StorageInventory.SectorFile;
import io.selkie.storage.StorageInventory.Trashed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryScanTest {

  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");
  private static final SectorId SECTOR = SectorId.of(1000, 3);

  @TempDir Path dir;

  @Test
  void of_openPath_reportsFilesUnfinishedUnknownAndTrash() throws IOException {
    TestStorage storage = new TestStorage(dir);
    Path a = storage.attach("a", TestStorage.meta("a", false, true));
    Path sealed = Files.write(a.resolve("sealed/s-t01000-3"), new byte[2048]);
    Files.setLastModifiedTime(sealed, FileTime.from(NOW));
    Path cache = Files.createDirectory(a.resolve("cache/s-t01000-3"));
    Files.write(cache.resolve("p_aux"), new byte[64]);
    Files.write(cache.resolve("t_aux"), new byte[7]);
    Files.createDirectory(a.resolve("unsealed/fetching"));
    Path pending = Files.write(a.resolve("unsealed/fetching/s-t01000-4.trailer"), new byte[8]);
    Path foreign = Files.write(a.resolve("unsealed/fetching/notes.txt"), new byte[1]);
    Path link = Files.createSymbolicLink(a.resolve("sealed/s-t01000-9"), sealed);
    Path stray = Files.write(a.resolve("update/README"), new byte[1]);
    TrashEntry removed = new TrashEntry(NOW, SEALED, SectorId.of(1000, 8), "terminated");
    Files.createDirectories(a.resolve("trash"));
    Files.write(a.resolve("trash").resolve(removed.name()), new byte[33]);
    Path odd = Files.write(a.resolve("trash/something"), new byte[1]);

    StorageInventory inventory = storage.paths.inventory(NOW);
    PathContents found = inventory.paths().getFirst();
    assertThat(found.id()).isEqualTo(TestStorage.meta("a", false, true).id());
    assertThat(found.canStore()).isTrue();
    assertThat(inventory.bySector()).containsOnlyKeys(SECTOR);
    assertThat(inventory.filesOf(SECTOR))
        .extracting(SectorFile::type, SectorFile::bytes)
        .containsExactlyInAnyOrder(tuple(SEALED, 2048L), tuple(CACHE, 71L));
    assertThat(inventory.filesOf(SECTOR).getFirst().modifiedAt()).isEqualTo(NOW);
    assertThat(inventory.filesOf(SECTOR).get(1).members())
        .containsEntry("p_aux", 64L)
        .containsEntry("t_aux", 7L);
    assertThat(found.unfinished())
        .singleElement()
        .satisfies(file -> {
          assertThat(file.file()).isEqualTo(pending);
          assertThat(file.type()).isEqualTo(UNSEALED);
          assertThat(file.sector()).isEqualTo(SectorId.of(1000, 4));
        });
    assertThat(found.unknown()).containsExactlyInAnyOrder(foreign, link, stray, odd);
    assertThat(found.problems()).hasSize(4).allMatch(text -> text.startsWith(a.toString()));
    assertThat(found.trash()).containsExactly(new Trashed(removed, 33));
  }

  @Test
  void of_directoryThatIsNoPath_isReportedAndTheOthersStillScanned() throws IOException {
    TestStorage storage = new TestStorage(dir);
    Path a = storage.attach("a", TestStorage.meta("a", false, true));
    Files.write(a.resolve("sealed/s-t01000-3"), new byte[5]);
    StorageInventory inventory = InventoryScan.of(List.of(dir.resolve("gone"), a), NOW);
    assertThat(inventory.takenAt()).isEqualTo(NOW);
    assertThat(inventory.paths().getFirst().id()).isEmpty();
    assertThat(inventory.paths().getFirst().problems())
        .singleElement()
        .asString()
        .contains(dir.resolve("gone").toString());
    assertThat(inventory.filesOf(SECTOR)).hasSize(1);
  }
}
