package io.selkie.storage;

import io.selkie.abi.BitField;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.RemovalPermit;
import io.selkie.proofs.seal.CacheFiles;
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
import java.util.TreeSet;

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

  /** The reason in the trash for what an upgrade had made that was taken back. */
  private static final String UPGRADE_ABORTED = "upgrade-aborted";

  /** The reason in the trash for a finished replica that a new one takes the place of. */
  private static final String OVERWRITTEN = "overwritten";

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
  Optional<LocalPaths.Located> find(SectorId sector, SectorFileType type)
      throws UnreachablePathException {
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

  /**
   * Every copy that is there, long-term paths first.
   *
   * @throws UnreachablePathException if there is none now, but one is known on a path that is away
   */
  List<LocalPaths.Located> existing(SectorId sector, SectorFileType type)
      throws UnreachablePathException {
    List<LocalPaths.Located> found = new ArrayList<>();
    List<LocalPaths.Located> absent = new ArrayList<>();
    for (LocalPaths.Located located : paths.locate(sector, type)) {
      boolean there =
          type.isDirectory()
              ? Files.isDirectory(located.file(), LinkOption.NOFOLLOW_LINKS)
              : Files.isRegularFile(located.file(), LinkOption.NOFOLLOW_LINKS);
      (there ? found : absent).add(located);
    }
    if (found.isEmpty()) {
      for (LocalPaths.Located located : absent) {
        located.path().requireReachable();
      }
    }
    return found;
  }

  void declare(LocalPath path, SectorId sector, SectorFileType type, boolean primary) {
    index.declare(path.id(), sector, Set.of(type), primary);
    crash.after("declared " + type.directoryName());
  }

  /**
   * Removes all files of the sector from every path of this machine, whether the index knows them
   * or not. Finished ones go to the trash, unfinished ones are deleted.
   *
   * @throws IOException naming every file that is still there, once all were tried; or before any
   *     was if a path that holds some is away
   */
  void remove(RemovalPermit permit) throws IOException {
    SectorId sector = permit.sector();
    for (LocalPath path : paths.paths()) {
      if (!index.held(path.id(), sector).isEmpty()) {
        path.requireReachable();
      }
    }
    fromEverywhere(
        sector,
        EnumSet.allOf(SectorFileType.class),
        (path, type) -> discard(path, sector, type, permit.why()));
  }

  /** Puts an upgrade's replica, its cache and its data into the trash. */
  void dropUpgrade(SectorId sector) throws IOException {
    fromEverywhere(
        sector,
        EnumSet.of(SectorFileType.UPDATE, SectorFileType.UPDATE_CACHE, SectorFileType.UNSEALED),
        (path, type) -> discard(path, sector, type, UPGRADE_ABORTED));
  }

  /**
   * Clears the place for a new replica. What an attempt left is deleted, for the next one computes
   * it again; but a replica that was finished once goes to the trash: someone may prove it.
   */
  void clearForNewReplica(SectorId sector) throws IOException {
    List<LocalPaths.Located> caches = existing(sector, SectorFileType.CACHE);
    // A replica without any cache is no attempt's either: those make the cache first.
    boolean keep = caches.isEmpty() || caches.stream().anyMatch(cache -> isFinished(cache.file()));
    fromEverywhere(
        sector,
        EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE),
        (path, type) -> {
          if (keep) {
            discard(path, sector, type, OVERWRITTEN);
          } else {
            removeFrom(path, sector, type);
          }
        });
  }

  /** Whether the cache is one that finalising left: its roots without the tree they came from. */
  private static boolean isFinished(Path cache) {
    return Files.exists(cache.resolve(CacheFiles.P_AUX))
        && !Files.exists(cache.resolve(CacheFiles.TREE_D));
  }

  /** What is done to one kind on one path. */
  @FunctionalInterface
  private interface Removal {
    void from(LocalPath path, SectorFileType type) throws IOException;
  }

  private void fromEverywhere(SectorId sector, Set<SectorFileType> types, Removal removal)
      throws IOException {
    List<String> failures = new ArrayList<>();
    IOException first = null;
    for (LocalPath path : paths.paths()) {
      for (SectorFileType type : types) {
        try {
          removal.from(path, type);
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

  /** Takes one kind off one path: into the trash, or for good if nothing is kept. */
  private void discard(LocalPath path, SectorId sector, SectorFileType type, String why)
      throws IOException {
    Path file = path.file(type, sector);
    if (paths.trashPolicy().retention().isZero()
        || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      removeFrom(path, sector, type);
      return;
    }
    index.drop(path.id(), sector, Set.of(type));
    if (type == SectorFileType.UNSEALED) {
      PartialFile.settle(file);
    }
    path.trash().put(file, new TrashEntry(paths.clock().instant(), type, sector, why));
    crash.after("trashed " + type.directoryName());
    removeFrom(path, sector, type);
  }

  /** Takes one copy out of use, whatever the trash's retention is. */
  TrashEntry quarantine(
      LocalPath path, SectorId sector, SectorFileType type, Path file, boolean inPlace, String why)
      throws IOException {
    if (inPlace) {
      index.drop(path.id(), sector, Set.of(type));
      if (type == SectorFileType.UNSEALED) {
        PartialFile.settle(file);
      }
    }
    TrashEntry entry =
        path.trash().put(file, new TrashEntry(paths.clock().instant(), type, sector, why));
    crash.after("quarantined " + type.directoryName());
    return entry;
  }

  /** Deletes one kind from one path; for what is held elsewhere or can be computed again. */
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
   * Puts a removed file back in its place.
   *
   * @throws IOException if one is there, here or on another path
   */
  void restore(LocalPath path, TrashEntry entry) throws IOException {
    Path to = path.file(entry.type(), entry.sector());
    for (LocalPath other : paths.paths()) {
      Path there = other.file(entry.type(), entry.sector());
      if (Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            entry.name() + " is not put back: " + there + " is there; remove or move it first");
      }
    }
    if (entry.type() == SectorFileType.UNSEALED) {
      PartialFile.forgetAll(to);
    }
    path.trash().restore(entry, to);
    crash.after("restored " + entry.type().directoryName());
    declare(path, entry.sector(), entry.type(), path.meta().canStore());
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
    Allocator.Request room = Allocator.Request.of(sector, moving, size, PathType.STORAGE);
    try (Allocation targets = paths.allocator().allocate(room.in(groupsAllowed(sector, moving)))) {
      for (SectorFileType type : moving) {
        List<LocalPaths.Located> copies = existing(sector, type);
        move(copies.getFirst(), targets.path(type), sector, type, size);
        removeOthers(sector, type, existing(sector, type), size);
      }
    }
  }

  /**
   * Where files may be sent from the paths that hold them: the united AllowTo of all; none of them
   * restricts if one does not.
   */
  private Set<String> groupsAllowed(SectorId sector, Set<SectorFileType> types)
      throws UnreachablePathException {
    Set<String> groups = new TreeSet<>();
    for (SectorFileType type : types) {
      for (LocalPaths.Located source : existing(sector, type)) {
        if (source.path().meta().allowTo().isEmpty()) {
          return Set.of();
        }
        groups.addAll(source.path().meta().allowTo());
      }
    }
    return groups;
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

  /** Whether all that the other copy holds is in the kept one. */
  static boolean holdSame(Path kept, Path other, SectorFileType type, SectorSize size)
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
    Path unfinished = target.unfinished(type, sector);
    DurableFiles.deleteTree(unfinished);
    Files.createDirectories(DurableFiles.parent(unfinished));
    copy(source.file(), unfinished, type, size);
    crash.after("copied " + type.directoryName());
    DurableFiles.rename(unfinished, to);
    crash.after("renamed " + type.directoryName());
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
