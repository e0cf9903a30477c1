package io.selkie.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directory of one storage path where removed files wait, on the same filesystem as they were.
 *
 * <p>A file gets in and out by one rename, whole or not at all. One that goes for good is renamed
 * once more before its parts are deleted, so half a directory can never be restored. Entries with
 * names that are not ours are left alone. Thread-safe.
 */
final class Trash {

  /** Its name under the path's root. */
  static final String DIRECTORY = "trash";

  /** In front of the name of an entry that is being deleted. */
  private static final String PURGING = "purging-";

  private final Path directory;

  Trash(Path root) {
    this.directory = root.resolve(DIRECTORY);
  }

  /** Makes the directory; a link in its place is refused. */
  void create() throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw new IOException(directory + " is a link; a storage path keeps its files itself");
    }
    Files.createDirectories(directory);
  }

  /**
   * Puts a file in; durable on return.
   *
   * @return the entry, a few milliseconds later than asked for if its name was taken
   */
  synchronized TrashEntry put(Path file, TrashEntry wanted) throws IOException {
    TrashEntry entry = wanted;
    while (Files.exists(directory.resolve(entry.name()), LinkOption.NOFOLLOW_LINKS)) {
      entry =
          new TrashEntry(
              entry.removedAt().plusMillis(1), entry.type(), entry.sector(), entry.why());
    }
    create();
    DurableFiles.rename(file, directory.resolve(entry.name()));
    return entry;
  }

  /** What is in it, the oldest first. */
  synchronized List<TrashEntry> list() throws IOException {
    List<TrashEntry> entries = new ArrayList<>();
    for (Path each : children()) {
      TrashEntry.parse(String.valueOf(each.getFileName())).ifPresent(entries::add);
    }
    entries.sort(null);
    return entries;
  }

  /** The entry of this name, if it is there. */
  synchronized Optional<TrashEntry> find(String name) {
    return TrashEntry.parse(name)
        .filter(entry -> Files.exists(directory.resolve(entry.name()), LinkOption.NOFOLLOW_LINKS));
  }

  /** Bytes that an entry takes. */
  synchronized long bytes(TrashEntry entry) throws IOException {
    return StorageReservations.stored(entry.type(), directory.resolve(entry.name()));
  }

  /** Bytes that everything in it takes, entries that are being deleted included. */
  long bytes() throws IOException {
    long sum = 0;
    for (Path each : children()) {
      sum += StorageReservations.stored(SectorFileType.SEALED, each);
    }
    return sum;
  }

  /**
   * Puts an entry back; durable on return.
   *
   * @param to must not exist
   */
  synchronized void restore(TrashEntry entry, Path to) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    DurableFiles.rename(directory.resolve(entry.name()), to);
  }

  /** Deletes an entry for good. Absent is no error. */
  synchronized void purge(TrashEntry entry) throws IOException {
    Path going = directory.resolve(PURGING + entry.name());
    try {
      DurableFiles.rename(directory.resolve(entry.name()), going);
    } catch (NoSuchFileException _) { // gone already is what was wanted
      return;
    }
    DurableFiles.deleteTree(going);
  }

  /** Deletes what a crash left of entries that were being deleted. */
  synchronized void finishPurges() throws IOException {
    for (Path each : children()) {
      String name = String.valueOf(each.getFileName());
      if (name.startsWith(PURGING)
          && TrashEntry.parse(name.substring(PURGING.length())).isPresent()) {
        DurableFiles.deleteTree(each);
      }
    }
  }

  private List<Path> children() throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
      listing.forEach(children::add);
    } catch (NoSuchFileException _) { // never used: it holds nothing
      return List.of();
    }
    return children;
  }
}
