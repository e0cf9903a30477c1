package io.selkie.node;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.PartialFile;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorStoreMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The fixture's one storage path, with small files where the fixture has sectors. */
final class FixtureStore {

  static final String ID = "11111111-2222-4333-8444-555555555555";

  /** Where its files can be fetched, says the fixture; nobody needs to listen there. */
  static final String URL = "http://127.0.0.1:2345/remote";

  private static final SectorSize SIZE = SectorSize.KIB_2;
  private static final int HALF = 1024;
  private static final int BROKEN_BYTES = 100;

  private final Path root;

  private FixtureStore(Path root) {
    this.root = root;
  }

  /** Makes the path: sealed sectors, and unsealed files that are whole, broken and half. */
  static FixtureStore create(Path root) throws IOException {
    LocalPaths.init(root, SectorStoreMeta.of(UUID.fromString(ID), true, true));
    FixtureStore store = new FixtureStore(root);
    for (long number : new long[] {9, 100, 101, 102, 104, 105}) {
      SectorId sector = SectorId.of(FixtureChain.MINER.value(), number);
      Files.write(store.place(sector, SectorFileType.SEALED), new byte[(int) SIZE.bytes()]);
      Files.write(
          Files.createDirectories(store.place(sector, SectorFileType.CACHE)).resolve("p_aux"),
          new byte[64]);
    }
    store.writeZeros(SectorId.of(FixtureChain.MINER.value(), 101));
    Files.write(
        store.place(SectorId.of(FixtureChain.MINER.value(), 102), SectorFileType.UNSEALED),
        new byte[BROKEN_BYTES]);
    store.writeHalf(SectorId.of(FixtureChain.MINER.value(), 104), 0);
    store.writeHalf(SectorId.of(FixtureChain.MINER.value(), 105), HALF);
    return store;
  }

  Path root() {
    return root;
  }

  private Path place(SectorId sector, SectorFileType type) throws IOException {
    Path kind = Files.createDirectories(root.resolve(type.directoryName()));
    return kind.resolve(sector.fileName());
  }

  private void writeHalf(SectorId sector, long offset) throws IOException {
    try (PartialFile file = PartialFile.create(place(sector, SectorFileType.UNSEALED), SIZE)) {
      file.markPresent(offset, HALF);
    }
  }

  /** A file without a trailer counts as complete. */
  void writeZeros(SectorId sector) throws IOException {
    Files.write(place(sector, SectorFileType.UNSEALED), new byte[(int) SIZE.bytes()]);
  }

  /** Whether all of a sector is there. A broken file holds nothing that could be used. */
  boolean isUnsealed(SectorId sector) throws IOException {
    Path file = place(sector, SectorFileType.UNSEALED);
    if (!Files.exists(file) || Files.size(file) < SIZE.bytes()) {
      return false;
    }
    try (PartialFile partial = PartialFile.openRead(file, SIZE)) {
      return partial.isComplete();
    }
  }
}
