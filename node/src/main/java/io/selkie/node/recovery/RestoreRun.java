package io.selkie.node.recovery;

import io.selkie.node.repo.Repo;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StoragePathsFile;
import io.selkie.store.JournalBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Puts a backup into a repository. Nothing is deleted: what is in the way is moved aside, when that
 * was asked for. The journal gets its name last, and without it no node starts.
 */
public final class RestoreRun {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path backup;
  private final Repo repo;
  private final Path aside;
  private final List<String> told = new ArrayList<>();

  private RestoreRun(Path backup, Repo repo, Instant now) {
    this.backup = backup;
    this.repo = repo;
    this.aside = asideOf(repo.root(), now);
  }

  /** The directory that what is replaced at this moment goes to. */
  static Path asideOf(Path root, Instant now) {
    return root.resolve("replaced-" + STAMP.format(now));
  }

  /**
   * Restores.
   *
   * @param replace whether what is in the way is moved aside; else it is refused
   * @param chainToo whether the chain is rolled back as well where there is one
   * @return what was done, in words
   * @throws IOException if the backup is not whole, or something is in the way; nothing was changed
   *     then
   */
  static List<String> run(Path backup, Path root, boolean replace, boolean chainToo, Instant now)
      throws IOException {
    Path from = backup.toAbsolutePath().normalize();
    BackupManifest manifest = RepoBackup.verify(from);
    try (Repo repo = Repo.open(root)) {
      RestoreRun run = new RestoreRun(from, repo, now);
      List<Path> inTheWay = run.inTheWay(manifest, chainToo);
      if (!inTheWay.isEmpty() && !replace) {
        throw inTheWay(inTheWay);
      }
      run.restore(manifest, inTheWay);
      return run.told;
    }
  }

  /**
   * Restores the journal alone, from a copy as {@link BackupService} makes it. All else of the
   * repository stays as it is.
   *
   * @param replace whether the journal that is there is moved aside; else it is refused
   * @return what was done, in words
   * @throws IOException if the copy is not whole, there is no repository, or its journal is in the
   *     way; nothing was changed then
   */
  static List<String> runJournal(Path copy, Path root, boolean replace, Instant now)
      throws IOException {
    if (!Files.exists(root.resolve(RepoBackup.CONFIG))) {
      throw new IOException(
          root
              + " is no repository: it has no "
              + RepoBackup.CONFIG
              + ", and "
              + copy
              + " holds a journal only");
    }
    JournalBackup.verify(copy);
    try (Repo repo = Repo.open(root)) {
      RestoreRun run = new RestoreRun(copy.toAbsolutePath().normalize(), repo, now);
      List<Path> inTheWay = database(run.journal());
      if (!inTheWay.isEmpty() && !replace) {
        throw inTheWay(inTheWay);
      }
      for (Path file : inTheWay) {
        moveAside(root, run.aside, file);
      }
      if (!inTheWay.isEmpty()) {
        run.told.add("what was there is in " + run.aside);
      }
      OwnerFiles.createDirectories(OwnerFiles.parent(run.journal()));
      run.tell("the journal", JournalBackup.restore(run.backup, run.journal()));
      return run.told;
    }
  }

  private static IOException inTheWay(List<Path> files) {
    return new IOException(
        "there is something at "
            + files.stream().map(Path::toString).toList()
            + "; with --replace it is moved aside, and nothing is deleted");
  }

  private void tell(String what, JournalBackup.Verified restored) {
    told.add(
        what + " restored: " + restored.sectors() + " sectors, " + restored.events() + " entries");
  }

  private Path journal() {
    return repo.root().resolve("datastore").resolve("journal.db");
  }

  private Path place(String name) {
    return switch (name) {
      case RepoBackup.CHAIN -> repo.devnet().resolve(name);
      default -> repo.root().resolve(name);
    };
  }

  private List<String> restored(BackupManifest manifest, boolean chainToo) {
    List<String> names = new ArrayList<>();
    for (String name : RepoBackup.SMALL_FILES) {
      if (manifest.files().containsKey(name)) {
        names.add(name);
      }
    }
    boolean goesOn = Files.exists(place(RepoBackup.CHAIN)) && !chainToo;
    if (manifest.files().containsKey(RepoBackup.CHAIN) && !goesOn) {
      names.add(RepoBackup.CHAIN);
    }
    return names;
  }

  /** What would have to go: the journal with its log first, then files that differ. */
  private List<Path> inTheWay(BackupManifest manifest, boolean chainToo) throws IOException {
    List<Path> found = new ArrayList<>();
    found.addAll(database(journal()));
    for (String name : restored(manifest, chainToo)) {
      Path file = place(name);
      if (name.equals(RepoBackup.CHAIN)) {
        found.addAll(database(file));
      } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && Files.mismatch(file, backup.resolve(name)) >= 0) {
        found.add(file);
      }
    }
    return found;
  }

  /** A database with what its engine keeps beside it, as far as they are there. */
  public static List<Path> database(Path file) {
    List<Path> all = new ArrayList<>();
    for (String suffix : List.of("", "-wal", "-shm")) {
      Path each = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
        all.add(each);
      }
    }
    return all;
  }

  private void restore(BackupManifest manifest, List<Path> inTheWay) throws IOException {
    for (Path file : inTheWay) {
      moveAside(repo.root(), aside, file);
    }
    if (!inTheWay.isEmpty()) {
      told.add("what was there is in " + aside);
    }
    for (String name : restored(manifest, true)) {
      Path file = place(name);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        OwnerFiles.createDirectories(OwnerFiles.parent(file));
        Path staged = file.resolveSibling(file.getFileName() + ".restoring");
        Files.deleteIfExists(staged);
        OwnerFiles.copy(backup.resolve(name), staged);
        OwnerFiles.rename(staged, file);
        told.add(name + " restored");
      } else if (name.equals(RepoBackup.CHAIN)) {
        told.add("the chain that is there goes on; the backup's is in " + backup);
      }
    }
    descriptions(manifest);
    OwnerFiles.createDirectories(OwnerFiles.parent(journal()));
    tell(
        "the journal of " + manifest.created(),
        JournalBackup.restore(backup.resolve(RepoBackup.JOURNAL), journal()));
  }

  /** Moves a file of a repository to the same place below {@code aside}. */
  static void moveAside(Path root, Path aside, Path file) throws IOException {
    Path to = aside.resolve(root.relativize(file));
    OwnerFiles.createDirectories(OwnerFiles.parent(to));
    OwnerFiles.rename(file, to);
  }

  /** The storage paths' descriptions, where they are lost; the files themselves are not ours. */
  private void descriptions(BackupManifest manifest) throws IOException {
    StoragePathsFile list = new StoragePathsFile(repo.root());
    for (Map.Entry<String, Path> path : manifest.paths().entrySet()) {
      Path directory = path.getValue();
      boolean own = directory.equals(manifest.repo());
      if (own && !Files.exists(directory.resolve(SectorStoreMeta.FILE_NAME))) {
        // The repository was its own storage path, and has moved.
        if (!directory.equals(repo.root())) {
          list.remove(directory);
          list.add(repo.root());
          told.add("storage path " + directory + " is now " + repo.root());
        }
        directory = repo.root();
      }
      Path description = directory.resolve(SectorStoreMeta.FILE_NAME);
      if (!Files.isDirectory(directory)) {
        told.add(
            "storage path "
                + directory
                + " is not there: mount it, or take it out of "
                + place(RepoBackup.PATHS));
      } else if (!Files.exists(description)) {
        OwnerFiles.copy(backup.resolve(RepoBackup.description(path.getKey())), description);
        told.add(description + " restored");
      } else if (!SectorStoreMeta.read(directory).id().equals(path.getKey())) {
        told.add(directory + " is another storage path than it was: " + description);
      }
    }
  }
}
