package io.selkie.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A backup's file as a database that nobody writes: what must hold in it. */
final class BackupFile {

  private final Path path;

  BackupFile(Path path) {
    this.path = path;
  }

  /**
   * Checks everything that does not need a manifest, and makes the manifest.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  BackupManifest examine() throws IOException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check(1)")) {
        if (!rows.next() || !"ok".equals(rows.getString(1))) {
          throw new IOException("backup " + path + " is damaged: " + rows.getString(1));
        }
      }
      long schema = SchemaVersions.refuseNewer(path.toString(), statement);
      refuseGaps(statement);
      return new BackupManifest(
          schema,
          Files.size(path),
          DurableFiles.sha256(path),
          SchemaVersions.number(statement, "SELECT count(*) FROM event"),
          SchemaVersions.number(statement, "SELECT count(*) FROM sector"));
    } catch (SQLException e) {
      throw new IOException("backup " + path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Every sector's entries are numbered from 1 without gaps, and every sector has entries. */
  private void refuseGaps(Statement statement) throws SQLException, IOException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT miner, number, n, last FROM (SELECT miner, number, count(*) AS n,"
                + " min(sequence) AS first, max(sequence) AS last FROM event"
                + " GROUP BY miner, number) AS counted WHERE first <> 1 OR n <> last LIMIT 1")) {
      if (rows.next()) {
        throw new IOException(
            "backup "
                + path
                + " lacks entries of sector "
                + rows.getLong(2)
                + " of miner "
                + rows.getLong(1)
                + ": it has "
                + rows.getLong(3)
                + " up to number "
                + rows.getLong(4));
      }
    }
  }

  /** Read-only, and without locks or files beside it: a backup may lie on a read-only disk. */
  Connection open() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path.toUri() + "?immutable=1");
    return source.getConnection();
  }
}
