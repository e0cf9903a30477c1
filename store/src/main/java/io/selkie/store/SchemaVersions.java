package io.selkie.store;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The steps of the schema: the common ones, and those that only one engine needs. */
final class SchemaVersions {

  /** The schema this version writes; a database with a greater number is left alone. */
  static final int CURRENT = 4;

  /** Where the steps taken are noted; a database of ours has it. */
  static final String HISTORY = "flyway_schema_history";

  private static final String FOLDER = "classpath:io/selkie/store/schema/";

  private SchemaVersions() {}

  /**
   * Takes the steps that are missing.
   *
   * @param smallRowTable what this engine adds to tables of small rows
   */
  static void migrate(String journal, DataSource source, String engine, String smallRowTable)
      throws IOException {
    try {
      Flyway.configure(SchemaVersions.class.getClassLoader())
          .dataSource(source)
          .locations(FOLDER + "common", FOLDER + engine)
          .placeholders(Map.of("small_row_table", smallRowTable))
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new IOException(
          "journal "
              + journal
              + " could not be brought to schema version "
              + CURRENT
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Refuses a database of a newer program.
   *
   * @return its version
   */
  static long refuseNewer(String journal, Statement statement) throws SQLException, IOException {
    long version =
        number(statement, "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM " + HISTORY);
    if (version > CURRENT) {
      throw new IOException(
          "journal "
              + journal
              + " has schema version "
              + version
              + ", this program knows up to "
              + CURRENT);
    }
    return version;
  }

  /** The first number that a query yields; 0 if it yields none. */
  static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
