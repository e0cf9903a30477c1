package io.selkie.storage;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Storage paths in a temporary directory, with a clock that stands and a disk of a known size. */
final class TestStorage {

  static final long DISK_BYTES = 1 << 30;

  final Path root;
  long freeBytes = DISK_BYTES;
  final TrashPolicy trashPolicy;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  final InstantSource clock = () -> now;
  final SectorIndex index = new SectorIndex(clock);
  final LocalPaths paths;
  final SectorLocks locks = new SectorLocks();
  final StorageReport report;

  private final Path parents;

  TestStorage(Path root) {
    this(root, root.resolve("parents"));
  }

  /**
   * @param parents where the graph's parents files are, which several storages may share
   */
  TestStorage(Path root, Path parents) {
    this(root, parents, TrashPolicy.DEFAULT);
  }

  TestStorage(Path root, Path parents, TrashPolicy trashPolicy) {
    this.root = root;
    this.parents = parents;
    this.trashPolicy = trashPolicy;
    this.paths =
        new LocalPaths(
            index,
            directory -> new DiskSpace.Room(DISK_BYTES, freeBytes, directory.toString()),
            List.of("http://127.0.0.1:2345/remote"),
            trashPolicy);
    this.report = new StorageReport(index, paths, locks);
  }

  /** The path that new files would go to; their room is given back at once. */
  Path place(SectorId sector, Set<SectorFileType> types, SectorSize size, PathType use)
      throws IOException {
    try (Allocation room =
        paths.allocator().allocate(Allocator.Request.of(sector, types, size, use))) {
      return room.path(types.iterator().next()).root();
    }
  }

  LocalPath only() {
    return paths.paths().getFirst();
  }

  static SectorStoreMeta meta(String name, boolean canSeal, boolean canStore) {
    return SectorStoreMeta.of(
        UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        canSeal,
        canStore);
  }

  /** A sealer on these paths, which lie on one filesystem. */
  LocalSealer sealer(CrashPoint crash) {
    return sealer(crash, true);
  }

  /** A sealer for which each path is a filesystem of its own, unless {@code oneFilesystem}. */
  LocalSealer sealer(CrashPoint crash, boolean oneFilesystem) {
    SectorFiles files = new SectorFiles(paths, index, (_, _) -> oneFilesystem, crash);
    return new LocalSealer(paths, files, locks, 2, parents, crash);
  }

  /** Makes and opens a path in a directory of this name. */
  Path attach(String name, SectorStoreMeta meta) throws IOException {
    Path directory = root.resolve(name);
    LocalPaths.init(directory, meta);
    paths.open(directory);
    return directory;
  }
}
