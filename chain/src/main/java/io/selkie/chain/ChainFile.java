package io.selkie.chain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** Copies of a chain's file, which no process has open. */
public final class ChainFile {

  /** The file's name in the chain's directory. */
  public static final String NAME = ChainDatabase.FILE;

  private ChainFile() {}

  /**
   * Reads the whole copy and checks that it is a chain.
   *
   * @throws IOException naming the file and what is wrong
   */
  public static void verify(Path copy) throws IOException {
    if (!Files.isRegularFile(copy)) {
      throw new IOException("chain " + copy + " is missing");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    // Nobody writes the copy, and a copy on a read-only medium has no room for lock files.
    try (Connection connection =
        config.createConnection("jdbc:sqlite:file:" + copy.toAbsolutePath() + "?immutable=1")) {
      Sql sql = new Sql(connection);
      long version = sql.number("PRAGMA user_version");
      if (version < 1 || version > ChainDatabase.SCHEMA_VERSION) {
        throw new IOException(
            "chain "
                + copy
                + " is of version "
                + version
                + ", this program knows 1 to "
                + ChainDatabase.SCHEMA_VERSION);
      }
      String flaw =
          sql.first("PRAGMA integrity_check", row -> row.getString(1)).orElse("no answer");
      if (!flaw.equals("ok")) {
        throw new IOException("chain " + copy + " is damaged: " + flaw);
      }
      new ChainState(sql).head();
    } catch (SQLException e) {
      throw new IOException("chain " + copy + ": " + e.getMessage(), e);
    }
  }
}
