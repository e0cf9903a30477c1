package io.selkie.storage;

import static io.selkie.storage.LotusSector3.SECTOR;
import static io.selkie.storage.LotusSector3.TICKET;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Lotus's sector on a path for sealing and one for storage, and what must lie on them. */
final class SealAndStore {

  private SealAndStore() {}

  static TestStorage create(Path root, Path parents) throws IOException {
    TestStorage storage = new TestStorage(root, parents);
    storage.attach("seal", TestStorage.meta("seal", true, false));
    storage.attach("store", TestStorage.meta("store", false, true));
    return storage;
  }

  static SealedCommitments preCommit(TestStorage storage, CrashPoint crash) throws SealFault {
    return preCommit(storage, crash, Progress.NONE);
  }

  static SealedCommitments preCommit(TestStorage storage, CrashPoint crash, Progress progress)
      throws SealFault {
    LocalSealer sealer = storage.sealer(crash);
    byte[] phase1 = sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, progress);
    return sealer.sealPreCommit2(SECTOR, phase1, progress);
  }

  /** The finalised files are lotus's, on the long-term path and nowhere else. */
  static void assertFinalised(Path root) throws IOException {
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

  static List<Path> find(TestStorage storage, SectorFileType type) {
    List<Path> found = new ArrayList<>();
    for (SectorStorageInfo info : storage.report.findSector(SECTOR.id(), Set.of(type), 0, false)) {
      storage.paths.path(info.id()).ifPresent(path -> found.add(path.root()));
    }
    return found;
  }

  static byte[] read(LocalSealer sealer, long offset, long size) throws Exception {
    try (InputStream in = sealer.readPiece(SECTOR, new UnpaddedRange(offset, size))) {
      return in.readAllBytes();
    }
  }
}
