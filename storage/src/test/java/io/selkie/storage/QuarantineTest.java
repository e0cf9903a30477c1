package io.selkie.storage;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One copy of a file goes to the trash, the others stay. */
class QuarantineTest {

  private static final SectorId SECTOR = SectorId.of(1000, 3);

  @TempDir Path dir;
  private TestStorage storage;
  private Path a;
  private Path b;

  @BeforeEach
  void setUp() throws IOException {
    storage = new TestStorage(dir);
    a = storage.attach("a", TestStorage.meta("a", true, true));
    b = storage.attach("b", TestStorage.meta("b", true, true));
    Files.write(a.resolve("sealed/s-t01000-3"), new byte[2048]);
    Files.write(b.resolve("sealed/s-t01000-3"), new byte[2048]);
    Files.createDirectories(b.resolve("cache/fetching/s-t01000-3"));
    storage.paths.redeclare(Optional.empty(), true);
  }

  private RemovedFiles removed() {
    return new RemovedFiles(storage.paths, storage.index, storage.locks);
  }

  @Test
  void quarantine_ofOneCopy_movesItAndLeavesTheOther() throws IOException {
    Path copy = b.resolve("sealed/s-t01000-3");

    TrashEntry entry = removed().quarantine(SECTOR, SEALED, copy, "second-copy");

    assertThat(copy).doesNotExist();
    assertThat(b.resolve("trash").resolve(entry.name())).hasSize(2048);
    assertThat(a.resolve("sealed/s-t01000-3")).exists();
    assertThat(storage.index.find(SECTOR, Set.of(SEALED))).hasSize(1);
    assertThat(removed().list()).extracting(RemovedFiles.Removed::entry).containsExactly(entry);
  }

  @Test
  void quarantine_ofAnUnfinishedCopy_movesIt() throws IOException {
    Path unfinished = b.resolve("cache/fetching/s-t01000-3");

    removed().quarantine(SECTOR, CACHE, unfinished, "unfinished");

    assertThat(unfinished).doesNotExist();
    assertThat(storage.index.find(SECTOR, Set.of(SEALED))).hasSize(2);
  }

  @Test
  void quarantine_whileTheSectorIsBeingWorkedOn_isRefused() throws Exception {
    Path copy = b.resolve("sealed/s-t01000-3");
    try (var _ = storage.locks.lock(SECTOR, EnumSet.of(SEALED), Set.of())) {
      assertThatThrownBy(() -> removed().quarantine(SECTOR, SEALED, copy, "second-copy"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is being worked on");
    }
    assertThat(copy).exists();
  }

  @Test
  void quarantine_ofAFileThatIsNotTheSectors_isRefused() throws IOException {
    Path other = Files.write(dir.resolve("s-t01000-3"), new byte[1]);

    assertThatThrownBy(() -> removed().quarantine(SECTOR, SEALED, other, "second-copy"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(other.toString());
    assertThat(other).exists();
  }
}
