package io.selkie.node.recovery;

import io.selkie.chain.ChainFile;
import io.selkie.chain.Devnet;
import io.selkie.node.recovery.BackupManifest.Entry;
import io.selkie.node.repo.ConfigFile;
import io.selkie.node.repo.TemporaryTree;
import io.selkie.rpc.token.RepoFiles;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StoragePathsFile;
import io.selkie.store.JournalBackup;
import io.selkie.store.SqlJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Backups of a repository: a directory with the journal, the chain of a devnet, and the small
 * files, for the owner alone. Sector files are not in it. The manifest is written last, and the
 * directory gets its name when it was read back and found good.
 */
final class RepoBackup {

  static final String JOURNAL = "journal.db";
  static final String CHAIN = ChainFile.NAME;
  static final String CONFIG = "config.toml";
  static final String TOKEN = "token";
  static final String SECRET = "keystore/" + RepoFiles.SECRET_FILE;
  static final String TOKENS = "keystore/tokens.json";
  static final String PATHS = StoragePathsFile.FILE_NAME;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** The files that are copied as they are, where the repository has them. */
  static final List<String> SMALL_FILES = List.of(CONFIG, PATHS, TOKEN, SECRET, TOKENS);

  /** Where a storage path's description lies in a backup. */
  static String description(String pathId) {
    return "sectorstore/" + pathId + ".json";
  }

  private RepoBackup() {}

  /**
   * Backs a repository up, be its node at work or not.
   *
   * @param target the new directory; its parent must exist
   * @throws IOException if it exists, or could not be written and read back; nothing has its name
   *     then
   */
  static BackupManifest write(
      Path repo, SqlJournal journal, Optional<Devnet> chain, Path target, Instant now)
      throws IOException {
    Path directory = target.toAbsolutePath().normalize();
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory + " exists already and is not overwritten");
    }
    Path parent = OwnerFiles.parent(directory);
    if (!Files.isDirectory(parent)) {
      throw new IOException(parent + " is no directory");
    }
    Path partial = parent.resolve(directory.getFileName() + ".partial");
    if (Files.exists(partial, LinkOption.NOFOLLOW_LINKS)) {
      TemporaryTree.delete(partial);
    }
    OwnerFiles.createDirectories(partial);
    boolean done = false;
    try {
      SortedMap<String, Path> paths = copy(repo, journal, chain, partial);
      BackupManifest manifest =
          new BackupManifest(
              Instant.ofEpochSecond(now.getEpochSecond()), repo, paths, entries(partial));
      OwnerFiles.write(
          partial.resolve(BackupManifest.NAME), manifest.text().getBytes(StandardCharsets.UTF_8));
      for (String sub : List.of("keystore", "sectorstore")) {
        if (Files.isDirectory(partial.resolve(sub))) {
          OwnerFiles.force(partial.resolve(sub));
        }
      }
      OwnerFiles.force(partial);
      BackupManifest read = verify(partial);
      OwnerFiles.rename(partial, directory);
      done = true;
      return read;
    } finally {
      if (!done) {
        TemporaryTree.delete(partial);
      }
    }
  }

  private static SortedMap<String, Path> copy(
      Path repo, SqlJournal journal, Optional<Devnet> chain, Path to) throws IOException {
    // The journal before the chain: a chain that is ahead of the records is what a doctor can mend.
    JournalBackup.write(journal, to.resolve(JOURNAL));
    if (chain.isPresent()) {
      chain.get().copyTo(to.resolve(CHAIN));
      Files.setPosixFilePermissions(
          to.resolve(CHAIN), PosixFilePermissions.fromString("rw-------"));
    }
    for (String name : SMALL_FILES) {
      if (Files.exists(repo.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        OwnerFiles.createDirectories(OwnerFiles.parent(to.resolve(name)));
        OwnerFiles.copy(repo.resolve(name), to.resolve(name));
      }
    }
    SortedMap<String, Path> paths = new TreeMap<>();
    OwnerFiles.createDirectories(to.resolve("sectorstore"));
    for (Path path : new StoragePathsFile(repo).read()) {
      String id = SectorStoreMeta.read(path).id();
      paths.put(id, path);
      OwnerFiles.copy(path.resolve(SectorStoreMeta.FILE_NAME), to.resolve(description(id)));
    }
    return paths;
  }

  private static SortedMap<String, Entry> entries(Path directory) throws IOException {
    SortedMap<String, Entry> entries = new TreeMap<>();
    for (String name : names(directory)) {
      Path file = directory.resolve(name);
      entries.put(name, new Entry(Files.size(file), OwnerFiles.sha256(file)));
    }
    return entries;
  }

  private static Set<String> names(Path directory) throws IOException {
    Set<String> names = new TreeSet<>();
    try (var all = Files.walk(directory)) {
      all.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> directory.relativize(file).toString())
          .filter(name -> !name.equals(BackupManifest.NAME))
          .forEach(names::add);
    }
    return names;
  }

  /**
   * Reads every byte of a backup, and looks into each file as its reader would.
   *
   * @throws IOException naming what is wrong
   */
  static BackupManifest verify(Path backup) throws IOException {
    Path directory = backup.toAbsolutePath().normalize();
    BackupManifest manifest = BackupManifest.read(directory);
    Set<String> found = names(directory);
    for (var entry : manifest.files().entrySet()) {
      if (!found.remove(entry.getKey())) {
        throw new IOException("backup " + directory + " lacks its file " + entry.getKey());
      }
      check(directory.resolve(entry.getKey()), entry.getValue());
    }
    if (!found.isEmpty()) {
      throw new IOException(
          "backup " + directory + " holds files that its manifest does not name: " + found);
    }
    if (!manifest.files().containsKey(JOURNAL) || !manifest.files().containsKey(CONFIG)) {
      throw new IOException("backup " + directory + " holds no journal or no configuration");
    }
    JournalBackup.verify(directory.resolve(JOURNAL));
    if (manifest.files().containsKey(CHAIN)) {
      ChainFile.verify(directory.resolve(CHAIN));
    }
    ConfigFile.read(directory.resolve(CONFIG));
    new StoragePathsFile(directory).read();
    return manifest;
  }

  private static void check(Path file, Entry entry) throws IOException {
    long bytes = Files.size(file);
    if (bytes != entry.bytes()) {
      throw new IOException(file + " has " + bytes + " bytes, was written with " + entry.bytes());
    }
    String sha256 = OwnerFiles.sha256(file);
    if (!sha256.equals(entry.sha256())) {
      throw new IOException(
          file + " is not as it was written: SHA-256 " + sha256 + ", was " + entry.sha256());
    }
  }

  /**
   * The directory that a name of a backup means, below the one that backups are allowed in.
   *
   * @throws IOException if the name would lead out of it
   */
  static Path named(Path allowed, String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException(
          "'"
              + name
              + "' is no name of a backup: letters, digits, '.', '_' and '-', the first one a"
              + " letter or a digit; it lies in "
              + allowed);
    }
    OwnerFiles.createDirectories(allowed);
    return allowed.resolve(name);
  }
}
