package io.selkie.node.repo;

import io.selkie.storage.StoragePathsFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The miner's directory, laid out as lotus-miner's where other programs look ({@code api}, {@code
 * token}, {@code keystore/}, {@code storage.json}) and as Selkie needs it elsewhere. One process at
 * a time holds it.
 */
public final class Repo implements AutoCloseable {

  /** Where a running node's database driver puts its native library. */
  private static final String DRIVER = "driver";

  private final Path root;
  private final FileChannel lockFile;
  private final FileLock lock;

  private Repo(Path root, FileChannel lockFile, FileLock lock) {
    this.root = root;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Opens the directory, creating it when absent, and takes its lock.
   *
   * @throws IOException if another process holds it or it cannot be written
   */
  public static Repo open(Path root) throws IOException {
    Path absolute = root.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      Files.createDirectories(absolute);
      Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
    }
    FileChannel file =
        FileChannel.open(
            absolute.resolve("repo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException held) {
      lock = null;
    }
    if (lock == null) {
      file.close();
      throw new IOException(absolute + " is in use by another process (it holds repo.lock)");
    }
    // A process that was killed could not take its library away. Nobody else has one here now.
    TemporaryTree.delete(driver(absolute));
    Files.createDirectory(driver(absolute));
    return new Repo(absolute, file, lock);
  }

  /**
   * The directory for what the database driver unpacks; emptied whenever the repository at {@code
   * root} is opened.
   */
  public static Path driver(Path root) {
    return root.toAbsolutePath().normalize().resolve(DRIVER);
  }

  public Path root() {
    return root;
  }

  public Path config() {
    return root.resolve("config.toml");
  }

  /**
   * The journal's file; its directory is made when absent.
   *
   * @throws IOException if it is gone though an earlier run had one: a new journal would give the
   *     numbers of sectors that exist out again
   */
  public Path journal() throws IOException {
    Path directory = root.resolve("datastore");
    Path file = directory.resolve("journal.db");
    // An operator may list storage paths before the first run; the directory tells the runs apart.
    boolean ranBefore =
        Files.exists(directory) && Files.exists(root.resolve(StoragePathsFile.FILE_NAME));
    if (ranBefore && !Files.exists(file)) {
      throw new IOException(
          file + " is missing, but " + root + " has been in use; put the journal back");
    }
    Files.createDirectories(directory);
    return file;
  }

  public Path devnet() {
    return root.resolve("devnet");
  }

  public Path parentsCache() {
    return root.resolve("filecoin-parents");
  }

  @Override
  public void close() throws IOException {
    lock.release();
    lockFile.close();
  }
}
