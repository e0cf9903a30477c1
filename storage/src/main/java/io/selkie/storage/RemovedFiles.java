package io.selkie.storage;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The trash of all paths as an operator sees it: look, put back, delete for good. Thread-safe. */
public final class RemovedFiles {

  /**
   * A removed file.
   *
   * @param path the id of the path it is on
   * @param bytes what it takes
   * @param keptUntil when a sweep will delete it
   */
  public record Removed(String path, TrashEntry entry, long bytes, Instant keptUntil) {}

  private final LocalPaths paths;
  private final SectorFiles files;
  private final SectorLocks locks;

  /**
   * The trash of these paths.
   *
   * @param locks shared by all who touch sector files
   */
  public RemovedFiles(LocalPaths paths, SectorIndex index, SectorLocks locks) {
    this(
        paths,
        new SectorFiles(paths, index, SectorFiles.SameStore.ofSystem(), CrashPoint.NONE),
        locks);
  }

  RemovedFiles(LocalPaths paths, SectorFiles files, SectorLocks locks) {
    this.paths = paths;
    this.files = files;
    this.locks = locks;
  }

  /**
   * Everything in the trash, path by path, the oldest first.
   *
   * @throws IOException if a path cannot be read
   */
  public List<Removed> list() throws IOException {
    List<Removed> all = new ArrayList<>();
    for (LocalPath path : paths.paths()) {
      path.requireReachable();
      for (TrashEntry entry : path.trash().list()) {
        Instant until = entry.removedAt().plus(paths.trashPolicy().retention());
        all.add(new Removed(path.id(), entry, path.trash().bytes(entry), until));
      }
    }
    return all;
  }

  /**
   * Puts a file back in its place and declares it.
   *
   * @return what was put back
   * @throws IOException if there is no such entry, the place is taken, or the sector is being
   *     worked on
   */
  public TrashEntry restore(String pathId, String entryName) throws IOException {
    LocalPath path = requirePath(pathId);
    TrashEntry entry = requireEntry(path, entryName);
    Optional<SectorLocks.Held> held =
        locks.tryLock(entry.sector(), Set.of(), EnumSet.of(entry.type()));
    if (held.isEmpty()) {
      throw new IOException(
          entryName + " is not put back: sector " + entry.sector() + " is being worked on");
    }
    try (var _ = held.get()) {
      files.restore(path, entry);
    }
    return entry;
  }

  /**
   * Takes one copy of a file out of use, into the trash of its path, where others of its sector
   * stay in place. Whoever calls has looked at what the chain counts on.
   *
   * @param file in its place, or unfinished
   * @param why for the entry's name
   * @throws IOException if it is not there, is not on an open path, or its sector is being worked
   *     on
   */
  public TrashEntry quarantine(SectorId sector, SectorFileType type, Path file, String why)
      throws IOException {
    for (LocalPath path : paths.paths()) {
      boolean inPlace = file.equals(path.file(type, sector));
      Path unfinished = DurableFiles.parent(path.unfinished(type, sector));
      if (inPlace || unfinished.equals(file.getParent())) {
        return quarantine(path, sector, type, file, inPlace, why);
      }
    }
    throw new IOException(file + " is no file of sector " + sector + " on an open path");
  }

  /**
   * Takes the copies of a sector's file out of use, into the trash of their paths, but for those on
   * some paths.
   *
   * @param keep the ids of paths whose copies stay
   * @param size tells how an unsealed file is laid out
   * @param evenTheLast whether copies go of which none that stays holds the same
   * @param why for the entries' names
   * @return what was taken
   * @throws IOException if the sector is being worked on, or a copy would go that is the last of
   *     its kind; nothing was taken then
   */
  public List<TrashEntry> dropCopies(
      SectorId sector,
      SectorFileType type,
      Set<String> keep,
      SectorSize size,
      boolean evenTheLast,
      String why)
      throws IOException {
    Optional<SectorLocks.Held> held = locks.tryLock(sector, Set.of(), EnumSet.of(type));
    if (held.isEmpty()) {
      throw new IOException("sector " + sector + " is being worked on");
    }
    try (var _ = held.get()) {
      List<LocalPaths.Located> kept = new ArrayList<>();
      List<LocalPaths.Located> going = new ArrayList<>();
      for (LocalPath path : paths.paths()) {
        path.requireReachable();
        Path file = path.file(type, sector);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          (keep.contains(path.id()) ? kept : going).add(new LocalPaths.Located(path, file));
        }
      }
      if (!evenTheLast) {
        for (LocalPaths.Located copy : going) {
          requireAnother(copy, kept, type, size);
        }
      }
      List<TrashEntry> taken = new ArrayList<>();
      for (LocalPaths.Located copy : going) {
        taken.add(files.quarantine(copy.path(), sector, type, copy.file(), true, why));
      }
      return taken;
    }
  }

  private static void requireAnother(
      LocalPaths.Located copy, List<LocalPaths.Located> kept, SectorFileType type, SectorSize size)
      throws IOException {
    for (LocalPaths.Located other : kept) {
      if (SectorFiles.holdSame(other.file(), copy.file(), type, size)) {
        return;
      }
    }
    throw new IOException("no copy that stays holds what " + copy.file() + " holds");
  }

  private TrashEntry quarantine(
      LocalPath path, SectorId sector, SectorFileType type, Path file, boolean inPlace, String why)
      throws IOException {
    path.requireReachable();
    Optional<SectorLocks.Held> held = locks.tryLock(sector, Set.of(), EnumSet.of(type));
    if (held.isEmpty()) {
      throw new IOException(file + " stays: sector " + sector + " is being worked on");
    }
    try (var _ = held.get()) {
      return files.quarantine(path, sector, type, file, inPlace, why);
    }
  }

  /**
   * Deletes a removed file for good, before its time.
   *
   * @throws IOException if there is no such entry, or it cannot be deleted
   */
  public TrashEntry purge(String pathId, String entryName) throws IOException {
    LocalPath path = requirePath(pathId);
    TrashEntry entry = requireEntry(path, entryName);
    path.trash().purge(entry);
    return entry;
  }

  private LocalPath requirePath(String id) throws IOException {
    LocalPath path =
        paths.path(id).orElseThrow(() -> new IOException("storage path " + id + " is not open"));
    path.requireReachable();
    return path;
  }

  private static TrashEntry requireEntry(LocalPath path, String name) throws IOException {
    return path.trash()
        .find(name)
        .orElseThrow(() ->
            new IOException("no entry '" + name + "' in the trash of storage path " + path.id()));
  }
}
