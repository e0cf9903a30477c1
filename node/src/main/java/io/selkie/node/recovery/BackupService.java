package io.selkie.node.recovery;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.BackupApi;
import io.selkie.rpc.server.CurrentCall;
import io.selkie.store.JournalBackup;
import io.selkie.store.SqlJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the journal over the wire, as the reference makes them of its metadata (lotus
 * node/impl/backup.go): to a file below the one directory that the operator named, and nowhere
 * else. What was written is read back before the call returns. Thread-safe.
 */
public final class BackupService implements BackupApi {

  /** The environment's variable that names the directory. */
  public static final String BASE_VARIABLE = "LOTUS_BACKUP_BASE_PATH";

  private static final Logger LOG = LoggerFactory.getLogger(BackupService.class);

  private final Optional<String> base;
  private final SqlJournal journal;

  /** One at a time: two of one name would write the same file. */
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param base the directory as the operator wrote it; empty refuses every backup
   */
  public BackupService(Optional<String> base, SqlJournal journal) {
    this.base = base;
    this.journal = journal;
  }

  @Override
  public void createBackup(String path) throws RpcFault, InterruptedException {
    Path target = target(path);
    lock.lockInterruptibly();
    try {
      JournalBackup.Verified written = JournalBackup.write(journal, target);
      CurrentCall.changed(
          "backup " + written.file(),
          "not there",
          "%d bytes, %d sectors, %d entries, SHA-256 %s"
              .formatted(written.bytes(), written.sectors(), written.events(), written.sha256()));
      LOG.info(
          "backup {} of {} sectors and {} entries, SHA-256 {}",
          written.file(),
          written.sectors(),
          written.events(),
          written.sha256());
    } catch (IOException failed) {
      throw new RpcFault("backup error: " + failed.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** The file, by its real directory: a link below the base may not lead out of it. */
  private Path target(String path) throws RpcFault {
    if (base.isEmpty()) {
      throw new RpcFault(BASE_VARIABLE + " env var not set");
    }
    Path allowed = absolute(base.get(), "base path");
    Path file = absolute(path, "file path");
    Path name = file.getFileName();
    Path parent = file.getParent();
    if (!file.startsWith(allowed) || file.equals(allowed) || name == null || parent == null) {
      throw outside(file, allowed);
    }
    try {
      Path directory = parent.toRealPath();
      if (!directory.startsWith(allowed.toRealPath())) {
        throw outside(file, allowed);
      }
      if (!Files.isDirectory(directory)) {
        throw new RpcFault("open " + file + ": " + parent + " is no directory");
      }
      return directory.resolve(name);
    } catch (NoSuchFileException missing) {
      throw new RpcFault("open " + file + ": no such directory: " + missing.getMessage());
    } catch (IOException unreadable) {
      throw new RpcFault("open " + file + ": " + unreadable.getMessage());
    }
  }

  private static RpcFault outside(Path file, Path allowed) {
    return new RpcFault(
        "backup file name (" + file + ") must be inside base path (" + allowed + ")");
  }

  /** A leading {@code ~} is the user's home, as in the reference. */
  private static Path absolute(String text, String what) throws RpcFault {
    String home = System.getProperty("user.home");
    String expanded = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    try {
      return Path.of(expanded).toAbsolutePath().normalize();
    } catch (InvalidPathException refused) {
      throw new RpcFault("getting absolute " + what + ": " + refused.getMessage());
    }
  }
}
