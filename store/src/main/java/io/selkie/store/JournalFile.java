package io.selkie.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * The database file: looked at before anything is changed, created with mode 0600, brought to this
 * version's schema, and the source of connections.
 */
final class JournalFile implements Dialect {

  /**
   * Up to this size the structure of every page is checked at each opening ({@code PRAGMA
   * quick_check}). In larger files, where that would hold up the start for many seconds, a broken
   * page is found when it is read. The engine keeps no sums over content, so neither finds a
   * flipped bit within a value.
   */
  static final long QUICK_CHECK_LIMIT_BYTES = 256L << 20;

  /** How long a connection waits for another process's lock before it fails. */
  static final int BUSY_TIMEOUT_MS = 5_000;

  /** The log beside the database is cut back to this size after it has been folded in. */
  static final int WAL_KEPT_BYTES = 64 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

  private static final String MAGIC = "SQLite format 3\0";

  private final Path path;

  private JournalFile(Path path) {
    this.path = path;
  }

  /**
   * Checks the file, creates it if there is none, and brings its schema up to date.
   *
   * @throws IOException naming the file, if it is no journal, is damaged, or is of a newer version;
   *     it was not changed then
   */
  static JournalFile prepare(Path given) throws IOException {
    JournalFile file = new JournalFile(given.toAbsolutePath().normalize());
    if (file.path.toString().indexOf('?') >= 0) {
      throw new IOException("the path of journal " + file.path + " must not contain '?'");
    }
    if (file.isNew()) {
      file.create();
    } else {
      file.inspect();
    }
    file.restrict();
    file.migrate();
    return file;
  }

  Path path() {
    return path;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public Connection openWriter() throws SQLException {
    return writerSource().getConnection();
  }

  /** The repository's lock keeps other processes away from its files. */
  @Override
  public Fence fence(Connection writer) {
    return Fence.NONE;
  }

  @Override
  public Readers openReaders(int count) throws SQLException {
    return new FixedReaders(this, count);
  }

  @Override
  public String beginWrite() {
    return "BEGIN IMMEDIATE";
  }

  @Override
  public String beginRead() {
    return "BEGIN";
  }

  /** On a connection of its own: it must not run within a transaction. */
  @Override
  public void copyTo(Path empty) throws SQLException {
    try (Connection connection = openReader();
        PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, empty.toString());
      vacuum.execute();
    }
  }

  /** An empty journal in one file, without a log beside it, for filling by one writer. */
  static Connection openCopy(Path empty) throws SQLException, IOException {
    JournalFile file = new JournalFile(empty);
    file.migrate();
    Connection connection = file.openWriter();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = DELETE");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Refuses a file that some connection is open to. One that is no database, or damaged, is not
   * open.
   */
  static void refuseOpen(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setBusyTimeout(0);
    try (Connection connection = new JournalFile(path).source(config).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      if (e.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code) {
        throw new IOException("journal " + path + " is open; stop the program that uses it", e);
      }
      LOG.warn("journal {} cannot be opened and counts as not open: {}", path, e.getMessage());
    }
  }

  /** One connection writes, so nothing can come between. */
  @Override
  public boolean wantsRetry(SQLException refused) {
    return false;
  }

  Connection openReader() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    return source(config).getConnection();
  }

  private SQLiteDataSource writerSource() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // FULL, so that a commit is on disk when it returns; NORMAL would force only at checkpoints.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    config.setJournalSizeLimit(WAL_KEPT_BYTES);
    return source(config);
  }

  private SQLiteDataSource source(SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    return source;
  }

  /** Whether there is nothing yet: no file, or the empty one of a creation that was cut short. */
  private boolean isNew() throws IOException {
    long size;
    try {
      size = Files.size(path);
    } catch (NoSuchFileException _) {
      size = 0;
    }
    Path log = log();
    if (size == 0 && Files.exists(log) && Files.size(log) > 0) {
      throw new IOException(
          "journal "
              + path
              + " is missing or empty, but its log "
              + log
              + " is there; put the "
              + "database back beside it");
    }
    return size == 0;
  }

  private Path log() {
    return path.resolveSibling(path.getFileName() + "-wal");
  }

  private void create() throws IOException {
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(path.toString(), null, "the journal's directory must exist");
    }
    if (!Files.exists(path)) {
      DurableFiles.createForOwner(path);
      DurableFiles.forceNames(directory);
    }
  }

  /** The engine gives its log and shared-memory files the database's own mode. */
  private void restrict() throws IOException {
    if (DurableFiles.isPosix(path)) {
      Files.setPosixFilePermissions(path, DurableFiles.OWNER_ONLY);
    }
  }

  private void inspect() throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(MAGIC.length());
    }
    if (!Arrays.equals(head, MAGIC.getBytes(StandardCharsets.ISO_8859_1))) {
      throw new IOException("journal " + path + " is not an SQLite database");
    }
    try {
      LogInspection.refuseLostCommits(log());
    } catch (IOException e) {
      throw new IOException("journal " + path + ": " + e.getMessage(), e);
    }
    try (Connection connection = openReader();
        Statement statement = connection.createStatement()) {
      refuseStranger(statement);
      refuseNewer(statement);
      if (Files.size(path) <= QUICK_CHECK_LIMIT_BYTES) {
        refuseDamaged(statement);
      }
    } catch (SQLException e) {
      throw new IOException("journal " + path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void refuseStranger(Statement statement) throws SQLException, IOException {
    long tables =
        SchemaVersions.number(statement, "SELECT count(*) FROM sqlite_master WHERE type = 'table'");
    long history =
        SchemaVersions.number(
            statement, "SELECT count(*) FROM sqlite_master WHERE name = 'flyway_schema_history'");
    if (tables > 0 && history == 0) {
      throw new IOException("journal " + path + " is a database of something else");
    }
  }

  private void refuseNewer(Statement statement) throws SQLException, IOException {
    if (SchemaVersions.number(statement, "SELECT count(*) FROM sqlite_master WHERE type = 'table'")
        > 0) {
      SchemaVersions.refuseNewer(name(), statement);
    }
  }

  private void refuseDamaged(Statement statement) throws SQLException, IOException {
    try (ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (!rows.next() || !"ok".equals(rows.getString(1))) {
        throw new IOException("journal " + path + " is damaged: " + rows.getString(1));
      }
    }
  }

  private void migrate() throws IOException {
    SchemaVersions.migrate(name(), writerSource(), "sqlite", "WITHOUT ROWID");
  }
}
