package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that was found on storage paths at one moment, as plain data.
 *
 * @param takenAt when
 * @param paths each path that was asked for, in that order
 */
public record StorageInventory(Instant takenAt, List<PathContents> paths) {

  /** Copies the list. */
  public StorageInventory {
    paths = List.copyOf(paths);
  }

  /**
   * One path.
   *
   * @param root its directory
   * @param id its identity; empty if its description cannot be read
   * @param canStore whether finalised sectors may stay there
   * @param files finished files of sectors
   * @param unfinished files that were being written or fetched
   * @param unknown entries that are no sector's files; {@link #problems} says why
   * @param trash removed files that are still kept
   * @param problems what could not be read or is not right, each naming its file
   */
  public record PathContents(
      Path root,
      String id,
      boolean canStore,
      List<SectorFile> files,
      List<SectorFile> unfinished,
      List<Path> unknown,
      List<Trashed> trash,
      List<String> problems) {

    /** Copies the lists. */
    public PathContents {
      files = List.copyOf(files);
      unfinished = List.copyOf(unfinished);
      unknown = List.copyOf(unknown);
      trash = List.copyOf(trash);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A sector's file or directory.
   *
   * @param file where it is
   * @param bytes its size; of a directory the sum of its files
   * @param modifiedAt when it was last written; of a directory the latest of its files
   * @param members the files of a directory with their sizes; none for a file
   */
  public record SectorFile(
      SectorId sector,
      SectorFileType type,
      Path file,
      long bytes,
      Instant modifiedAt,
      SortedMap<String, Long> members) {

    /** Copies the map. */
    public SectorFile {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }
  }

  /**
   * A removed file.
   *
   * @param bytes what it still takes
   */
  public record Trashed(TrashEntry entry, long bytes) {}

  /** The finished files of this sector, on all paths. */
  public List<SectorFile> filesOf(SectorId sector) {
    List<SectorFile> found = new ArrayList<>();
    for (PathContents path : paths) {
      path.files().stream().filter(file -> file.sector().equals(sector)).forEach(found::add);
    }
    return found;
  }

  /** Every sector with a finished file, with all of them. */
  public SortedMap<SectorId, List<SectorFile>> bySector() {
    SortedMap<SectorId, List<SectorFile>> all = new TreeMap<>();
    for (PathContents path : paths) {
      for (SectorFile file : path.files()) {
        all.computeIfAbsent(file.sector(), _ -> new ArrayList<>()).add(file);
      }
    }
    return all;
  }
}
