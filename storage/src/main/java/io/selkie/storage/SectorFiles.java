package io.selkie.storage;

import io.selkie.abi.BitField;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.DamagedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds, moves and removes the files of a sector. Callers hold the sector's locks.
 *
 * <p>Order throughout: a file is durable before it is declared, and no longer declared before it is
 * deleted.
 */
final class SectorFiles {

  /** Whether a file may be renamed from one directory to another. */
  @FunctionalInterface
  interface SameStore {

    /** Where this is wrongly true, the rename fails and the file is copied. */
    boolean test(Path from, Path to) throws IOException;

    /** Asks the operating system. */
    static SameStore ofSystem() {
      return (from, to) -> Files.getFileStore(from).equals(Files.getFileStore(to));
    }
  }

  private final LocalPaths paths;
  private final SectorIndex index;
  private final SameStore sameStore;
  private final CrashPoint crash;

  SectorFiles(LocalPaths paths, SectorIndex index, SameStore sameStore, CrashPoint crash) {
    this.paths = paths;
    this.index = index;
    this.sameStore = sameStore;
    this.crash = crash;
  }

  /** Where the kind lies, if the index and the disk agree that it does; long-term paths first. */
  Optional<LocalPaths.Located> find(SectorId sector, SectorFileType type) {
    return existing(sector, type).stream().findFirst();
  }

  /** As {@link #find}; throws if it is nowhere, or is not of the size a sector's file must have. */
  Path require(SectorId sector, SectorFileType type, SectorSize size) throws IOException {
    Optional<LocalPaths.Located> found = find(sector, type);
    if (found.isEmpty()) {
      List<Path> looked = new ArrayList<>();
      paths.paths().forEach(path -> looked.add(path.file(type, sector)));
      throw new MissingFileException(
          "no " + type.directoryName() + " file of sector " + sector + "; looked for " + looked);
    }
    Path file = found.get().file();
    if (type == SectorFileType.SEALED && Files.size(file) != size.bytes()) {
      throw DamagedFileException.ofSize(file, Files.size(file), size.bytes());
    }
    return file;
  }

  List<LocalPaths.Located> existing(SectorId sector, SectorFileType type) {
    List<LocalPaths.Located> found = new ArrayList<>();
    for (LocalPaths.Located located : paths.locate(sector, type)) {
      boolean there =
          type.isDirectory()
              ? Files.isDirectory(located.file(), LinkOption.NOFOLLOW_LINKS)
              : Files.isRegularFile(located.file(), LinkOption.NOFOLLOW_LINKS);
      if (there) {
        found.add(located);
      }
    }
    return found;
  }

  void declare(LocalPath path, SectorId sector, SectorFileType type, boolean primary) {
    index.declare(path.id(), sector, Set.of(type), primary);
    crash.after("declared " + type.directoryName());
  }

  /**
   * Removes these kinds from every path of this machine, with unfinished copies, whether the index
   * knows them or not.
   *
   * @throws IOException naming every file that is still there, once all were tried
   */
  void remove(SectorId sector, Set<SectorFileType> types) throws IOException {
    List<String> failures = new ArrayList<>();
    IOException first = null;
    for (LocalPath path : paths.paths()) {
      for (SectorFileType type : types) {
        try {
          removeFrom(path, sector, type);
        } catch (IOException e) {
          failures.add(path.file(type, sector) + " (" + e + ")");
          first = first == null ? e : first;
        }
      }
    }
    if (first != null) {
      throw new IOException("not removed: " + String.join(", ", failures), first);
    }
  }

  /** Removes one kind from one path. */
  void removeFrom(LocalPath path, SectorId sector, SectorFileType type) throws IOException {
    index.drop(path.id(), sector, Set.of(type));
    Path file = path.file(type, sector);
    if (type == SectorFileType.UNSEALED) {
      PartialFile.forgetAll(file);
    }
    DurableFiles.deleteTree(path.unfinished(type, sector));
    DurableFiles.deleteTree(file);
    crash.after("removed " + type.directoryName());
  }

  /**
   * Moves what is there of these kinds to one path for long-term storage, and removes copies that
   * are then redundant. May be interrupted anywhere and run again.
   */
  void moveToStorage(SectorId sector, Set<SectorFileType> types, SectorSize size)
      throws IOException {
    EnumSet<SectorFileType> moving = EnumSet.noneOf(SectorFileType.class);
    for (SectorFileType type : types) {
      List<LocalPaths.Located> copies = existing(sector, type);
      if (copies.isEmpty()) {
        continue;
      }
      // Copies on long-term paths come first.
      if (copies.getFirst().path().meta().canStore()) {
        removeOthers(sector, type, copies, size);
      } else {
        moving.add(type);
      }
    }
    if (moving.isEmpty()) {
      return;
    }
    LocalPath target = paths.choose(sector, moving, size, PathType.STORAGE);
    for (SectorFileType type : moving) {
      List<LocalPaths.Located> copies = existing(sector, type);
      move(copies.getFirst(), target, sector, type, size);
      removeOthers(sector, type, existing(sector, type), size);
    }
  }

  /**
   * Removes all copies but the first, each only if the first holds the same: a path that was away
   * for a while may have come back with files of an earlier attempt, and which one is right is not
   * for us to guess.
   */
  private void removeOthers(
      SectorId sector, SectorFileType type, List<LocalPaths.Located> copies, SectorSize size)
      throws IOException {
    Path kept = copies.getFirst().file();
    for (LocalPaths.Located other : copies.subList(1, copies.size())) {
      if (!holdSame(kept, other.file(), type, size)) {
        throw new DamagedFileException(
            other.file(), "differs from the other copy " + kept + "; remove the wrong one");
      }
      removeFrom(other.path(), sector, type);
    }
  }

  private static boolean holdSame(Path kept, Path other, SectorFileType type, SectorSize size)
      throws IOException {
    return switch (type) {
      case UNSEALED -> {
        try (PartialFile first = PartialFile.openRead(kept, size);
            PartialFile second = PartialFile.openRead(other, size)) {
          yield first.holdsAllOf(second);
        }
      }
      case CACHE, UPDATE_CACHE -> DurableFiles.sameFlatDirectory(kept, other);
      case SEALED, UPDATE, PIECE -> Files.mismatch(kept, other) < 0;
    };
  }

  private void move(
      LocalPaths.Located source,
      LocalPath target,
      SectorId sector,
      SectorFileType type,
      SectorSize size)
      throws IOException {
    Path to = target.file(type, sector);
    if (type == SectorFileType.UNSEALED) {
      PartialFile.open(source.file(), size).close(); // finishes what a crash left of its trailer
      PartialFile.forgetAll(to);
    }
    if (sameStore.test(source.file(), DurableFiles.parent(to))) {
      index.drop(source.path().id(), sector, Set.of(type));
      if (DurableFiles.tryRename(source.file(), to)) {
        crash.after("renamed " + type.directoryName());
        declare(target, sector, type, true);
        return;
      }
      index.declare(source.path().id(), sector, Set.of(type), false);
    }
    try (var _ =
        target.reservations().reserve(sector, type, type.spaceBytes(size, PathType.STORAGE))) {
      Path unfinished = target.unfinished(type, sector);
      DurableFiles.deleteTree(unfinished);
      Files.createDirectories(DurableFiles.parent(unfinished));
      copy(source.file(), unfinished, type, size);
      crash.after("copied " + type.directoryName());
      DurableFiles.rename(unfinished, to);
      crash.after("renamed " + type.directoryName());
    }
    declare(target, sector, type, true);
  }

  private static void copy(Path from, Path to, SectorFileType type, SectorSize size)
      throws IOException {
    switch (type) {
      case UNSEALED -> {
        try (PartialFile file = PartialFile.openRead(from, size)) {
          file.copyPresent(BitField.ofRange(0, size.bytes()), to);
        }
      }
      case CACHE, UPDATE_CACHE -> DurableFiles.copyFlatDirectory(from, to);
      case SEALED, UPDATE, PIECE -> DurableFiles.copyFile(from, to);
    }
  }
}
