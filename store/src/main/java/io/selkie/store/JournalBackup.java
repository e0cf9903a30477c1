package io.selkie.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Backups of a journal: one SQLite file, whatever engine it was made from, and a manifest beside it
 * ({@code <name>.manifest}). The manifest is written last; a file without one is no backup.
 */
public final class JournalBackup {

  /**
   * A backup that was found good.
   *
   * @param file where it is
   * @param events how many entries it holds
   * @param sectors how many sectors
   * @param bytes its size
   * @param sha256 the digest of its bytes
   */
  public record Verified(Path file, long events, long sectors, long bytes, String sha256) {

    private static Verified of(Path file, BackupManifest manifest) {
      return new Verified(
          file, manifest.events(), manifest.sectors(), manifest.bytes(), manifest.sha256());
    }
  }

  private JournalBackup() {}

  /**
   * Copies the journal as of one commit while it goes on being written, forces the copy, and
   * verifies it. All that was acknowledged before the call is in it.
   *
   * @param target the backup's file; neither it nor its manifest may exist, its directory must
   * @throws IOException naming the target, if it could not be written or did not hold; nothing is
   *     left of it then
   */
  public static Verified write(SqlJournal journal, Path target) throws IOException {
    Path file = target.toAbsolutePath().normalize();
    Path manifest = BackupManifest.beside(file);
    refuseExisting(file);
    refuseExisting(manifest);
    Path partial = partial(file);
    boolean done = false;
    try {
      // What a backup that was killed has left.
      Files.deleteIfExists(partial);
      DurableFiles.createForOwner(partial);
      long events = journal.readers().read(JournalReads::events);
      copy(journal, partial);
      DurableFiles.force(partial);
      BackupManifest found = new BackupFile(partial).examine();
      if (found.events() < events) {
        throw new IOException(
            "backup "
                + file
                + " holds "
                + found.events()
                + " entries, the journal had "
                + events
                + " before");
      }
      DurableFiles.rename(partial, file);
      DurableFiles.writeText(manifest, found.text());
      done = true;
      return Verified.of(file, found);
    } catch (NoSuchFileException e) {
      throw new IOException("backup " + file + ": its directory must exist", e);
    } finally {
      if (!done) {
        Files.deleteIfExists(partial);
        Files.deleteIfExists(partial(manifest));
        Files.deleteIfExists(file);
      }
    }
  }

  private static void copy(SqlJournal journal, Path partial) throws IOException {
    try {
      journal.dialect().copyTo(partial);
    } catch (SQLException e) {
      throw new IOException(
          "backup of journal " + journal.dialect().name() + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * Reads every byte of a backup and looks at every page and every entry.
   *
   * @throws IOException naming what is wrong
   */
  public static Verified verify(Path backup) throws IOException {
    Path file = backup.toAbsolutePath().normalize();
    BackupManifest manifest = BackupManifest.read(file);
    long bytes = Files.size(file);
    if (bytes != manifest.bytes()) {
      throw new IOException(
          "backup " + file + " has " + bytes + " bytes, was written with " + manifest.bytes());
    }
    // Before the database is opened, which a file of somebody else's making should not be.
    String sha256 = DurableFiles.sha256(file);
    if (!sha256.equals(manifest.sha256())) {
      throw new IOException(
          "backup "
              + file
              + " is not as it was written: its digest is "
              + sha256
              + ", was "
              + manifest.sha256());
    }
    BackupManifest found = new BackupFile(file).examine();
    if (!found.equals(manifest)) {
      throw new IOException(
          "backup " + file + " does not fit its manifest: " + found + " instead of " + manifest);
    }
    return Verified.of(file, manifest);
  }

  /**
   * Puts a verified backup in the place of a journal that is not there.
   *
   * @param target the journal's file
   * @throws IOException if the backup does not hold, or something is at the target already; that is
   *     as it was then
   */
  public static Verified restore(Path backup, Path target) throws IOException {
    Path file = target.toAbsolutePath().normalize();
    refuseExisting(file);
    refuseExisting(log(file));
    Verified verified = verify(backup);
    Path partial = copied(verified, file);
    DurableFiles.rename(partial, file);
    return verified;
  }

  /**
   * Puts a verified backup in the place of a journal, which is kept beside it under another name.
   * No process may have the journal open.
   *
   * @param target the journal's file
   * @return what the old journal is called now; empty if there was none
   * @throws IOException if the backup does not hold, or the journal is open; it is as it was then
   */
  public static Optional<Path> restoreReplacing(Path backup, Path target) throws IOException {
    Path file = target.toAbsolutePath().normalize();
    Verified verified = verify(backup);
    JournalFile.refuseOpen(file);
    Path partial = copied(verified, file);
    Optional<Path> kept = Optional.empty();
    if (Files.exists(file) || Files.exists(log(file))) {
      Path aside = freeName(file);
      // The database first: a log without its database is refused at the next opening, while a
      // database without its log would open and lack its last commits.
      if (Files.exists(file)) {
        DurableFiles.rename(file, aside);
      }
      if (Files.exists(log(file))) {
        DurableFiles.rename(log(file), log(aside));
      }
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
      kept = Optional.of(aside);
    }
    DurableFiles.rename(partial, file);
    return kept;
  }

  /**
   * Fills a journal that holds nothing yet, of whatever engine, from a verified backup, in one
   * transaction.
   *
   * @throws IllegalStateException if the journal is not empty
   */
  public static Verified restoreInto(Path backup, SqlJournal journal) throws IOException {
    Verified verified = verify(backup);
    journal.fill(new BackupFile(verified.file()));
    return verified;
  }

  /** The backup's bytes beside the journal's place, forced. */
  private static Path copied(Verified backup, Path file) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".restoring");
    Files.deleteIfExists(partial);
    boolean good = false;
    try {
      String sha256 = DurableFiles.copy(backup.file(), partial);
      if (!sha256.equals(backup.sha256())) {
        throw new IOException("backup " + backup.file() + " changed while it was copied");
      }
      good = true;
      return partial;
    } catch (NoSuchFileException e) {
      throw new IOException("journal " + file + ": its directory must exist", e);
    } finally {
      if (!good) {
        Files.deleteIfExists(partial);
      }
    }
  }

  private static void refuseExisting(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "it is there already and is not overwritten");
    }
  }

  private static Path freeName(Path file) {
    int n = 1;
    Path name = file.resolveSibling(file.getFileName() + ".replaced-" + n);
    while (Files.exists(name) || Files.exists(log(name))) {
      n++;
      name = file.resolveSibling(file.getFileName() + ".replaced-" + n);
    }
    return name;
  }

  private static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + ".partial");
  }

  private static Path log(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }
}
