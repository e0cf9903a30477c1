package io.selkie.storage;

import io.selkie.abi.SectorId;
import io.selkie.storage.StorageInventory.PathContents;
import io.selkie.storage.StorageInventory.SectorFile;
import io.selkie.storage.StorageInventory.Trashed;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks at storage paths and reports everything on them. Changes nothing, needs no path to be open,
 * follows no link and goes on past what it cannot read: that becomes a problem in the report.
 */
public final class InventoryScan {

  /** The files beside an unsealed file while it or its trailer is being written. */
  private static final List<String> UNFINISHED_SUFFIXES =
      List.of(".new", ".trailer.tmp", ".trailer");

  private final Path root;
  private final List<SectorFile> files = new ArrayList<>();
  private final List<SectorFile> unfinished = new ArrayList<>();
  private final List<Path> unknown = new ArrayList<>();
  private final List<Trashed> trash = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private InventoryScan(Path root) {
    this.root = root;
  }

  /**
   * What lies on these paths.
   *
   * @param roots directories of storage paths
   * @param now noted in the report
   */
  public static StorageInventory of(Collection<Path> roots, Instant now) {
    List<PathContents> paths = new ArrayList<>();
    for (Path root : roots) {
      paths.add(new InventoryScan(root.toAbsolutePath().normalize()).run());
    }
    return new StorageInventory(now, paths);
  }

  private PathContents run() {
    String id = "";
    boolean canStore = false;
    try {
      SectorStoreMeta meta = SectorStoreMeta.read(root);
      id = meta.id();
      canStore = meta.canStore();
    } catch (IOException e) {
      problems.add(text(e));
    }
    for (SectorFileType type : SectorFileType.values()) {
      Path kind = root.resolve(type.directoryName());
      for (Path entry : entries(kind)) {
        if (nameOf(entry).equals(SectorFileName.FETCHING)) {
          entries(entry).forEach(each -> addUnfinished(type, each));
        } else {
          addFinished(type, entry);
        }
      }
    }
    entries(root.resolve(Trash.DIRECTORY)).forEach(this::addTrashed);
    return new PathContents(root, id, canStore, files, unfinished, unknown, trash, problems);
  }

  private void addFinished(SectorFileType type, Path entry) {
    Optional<SectorId> sector = SectorFileName.parse(nameOf(entry));
    if (sector.isEmpty()) {
      addUnknown(entry, "is no sector's file");
    } else if (!hasShapeOf(type, entry)) {
      addUnknown(entry, "is no plain " + (type.isDirectory() ? "directory" : "file"));
    } else {
      read(sector.get(), type, entry).ifPresent(files::add);
    }
  }

  private void addUnfinished(SectorFileType type, Path entry) {
    String name = nameOf(entry);
    for (String suffix : UNFINISHED_SUFFIXES) {
      if (name.endsWith(suffix)) {
        name = name.substring(0, name.length() - suffix.length());
        break;
      }
    }
    Optional<SectorId> sector = SectorFileName.parse(name);
    if (sector.isEmpty()) {
      addUnknown(entry, "is no sector's unfinished file");
    } else {
      read(sector.get(), type, entry).ifPresent(unfinished::add);
    }
  }

  private void addTrashed(Path entry) {
    Optional<TrashEntry> known = TrashEntry.parse(nameOf(entry));
    if (known.isEmpty()) {
      addUnknown(entry, "is no removed file of a sector");
    } else {
      read(known.get().sector(), known.get().type(), entry)
          .ifPresent(file -> trash.add(new Trashed(known.get(), file.bytes())));
    }
  }

  private void addUnknown(Path entry, String why) {
    unknown.add(entry);
    problems.add(entry + " " + why);
  }

  private static boolean hasShapeOf(SectorFileType type, Path entry) {
    return type.isDirectory()
        ? Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
        : Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS);
  }

  /** Empty if it went away meanwhile or cannot be read; the latter is a problem. */
  private Optional<SectorFile> read(SectorId sector, SectorFileType type, Path entry) {
    try {
      BasicFileAttributes own = attributes(entry);
      SortedMap<String, Long> members = new TreeMap<>();
      long bytes = own.size();
      Instant modified = own.lastModifiedTime().toInstant();
      if (own.isDirectory()) {
        bytes = 0;
        for (Path member : entries(entry)) {
          BasicFileAttributes each = attributes(member);
          if (!each.isRegularFile()) {
            problems.add(member + " is no plain file");
          }
          members.put(nameOf(member), each.size());
          bytes += each.size();
          Instant at = each.lastModifiedTime().toInstant();
          modified = at.isAfter(modified) ? at : modified;
        }
      }
      return Optional.of(new SectorFile(sector, type, entry, bytes, modified, members));
    } catch (NoSuchFileException _) { // removed while we looked: it is not there
      return Optional.empty();
    } catch (IOException e) {
      problems.add(text(e));
      return Optional.empty();
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** A directory's entries by name; none if it is absent, or cannot be read, which is a problem. */
  private List<Path> entries(Path directory) {
    List<Path> entries = new ArrayList<>();
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return entries;
    }
    if (Files.isSymbolicLink(directory)) {
      addUnknown(directory, "is a link; a storage path keeps its files itself");
      return entries;
    }
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
      listing.forEach(entries::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      problems.add("listing " + directory + ": " + text(e));
    }
    entries.sort(null);
    return entries;
  }

  private static String nameOf(Path entry) {
    return String.valueOf(entry.getFileName());
  }

  private static String text(Exception e) {
    return e instanceof NoSuchFileException missing
        ? "file " + missing.getFile() + " is missing"
        : String.valueOf(e.getMessage());
  }
}
