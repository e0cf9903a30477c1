package io.selkie.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database: looked at before anything is changed, taken for this process, brought to
 * this version's schema, and the source of connections.
 */
final class PostgresDatabase implements Dialect {

  /** How long to try to reach the server. */
  static final int CONNECT_TIMEOUT_S = 10;

  /** A statement that the server does not answer for so long has failed. */
  static final int ANSWER_TIMEOUT_S = 60;

  /** {@code serialization_failure} and {@code deadlock_detected}: undone whole, to be repeated. */
  private static final List<String> UNDONE = List.of("40001", "40P01");

  private final String name;
  private final PGSimpleDataSource source;
  private final String holder;
  private final Duration patience;
  private final Duration beat;

  private PostgresDatabase(
      PGSimpleDataSource source, String name, String holder, Duration patience, Duration beat) {
    this.source = source;
    this.name = name;
    this.holder = holder;
    this.patience = patience;
    this.beat = beat;
  }

  /**
   * Checks the server and the database and brings the schema up to date.
   *
   * @param holder what a second process is told about this one
   * @param patience how long a writer may be silent before it is taken for dead
   * @param beat how often this writer shows that it lives
   * @throws IOException if it is no journal, is of a newer version, is being written by another
   *     process, or its server may lose commits; it was not changed then
   */
  static PostgresDatabase prepare(
      String url, String user, String password, String holder, Duration patience, Duration beat)
      throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(user);
    source.setPassword(password);
    source.setApplicationName("selkie journal");
    source.setConnectTimeout(CONNECT_TIMEOUT_S);
    source.setSocketTimeout(ANSWER_TIMEOUT_S);
    source.setTcpKeepAlive(true);
    int parameters = url.indexOf('?');
    // What follows may be a password.
    String name = parameters < 0 ? url : url.substring(0, parameters);
    PostgresDatabase database = new PostgresDatabase(source, name, holder, patience, beat);
    try {
      database.inspect();
    } catch (SQLException e) {
      throw new IOException("journal " + name + ": " + e.getMessage(), e);
    }
    return database;
  }

  private void inspect() throws SQLException, IOException {
    try (Connection connection = openWriter();
        Statement statement = connection.createStatement()) {
      refuseForgetful(statement);
      boolean empty = tables(statement, "table_name IS NOT NULL") == 0;
      if (!empty && tables(statement, "table_name = '" + SchemaVersions.HISTORY + "'") == 0) {
        throw new IOException("journal " + name + " is a database of something else");
      }
      long version = empty ? 0 : SchemaVersions.refuseNewer(name, statement);
      if (version == SchemaVersions.CURRENT) {
        return;
      }
      boolean leased = tables(statement, "table_name = '" + PostgresLease.TABLE + "'") > 0;
      if (leased) {
        // A process of the older version may be at work on the tables that are about to change.
        Fence fence = fence(connection);
        SchemaVersions.migrate(name, source, "postgresql", "");
        fence.release();
      } else {
        SchemaVersions.migrate(name, source, "postgresql", "");
      }
    }
  }

  private static long tables(Statement statement, String which) throws SQLException {
    return SchemaVersions.number(
        statement,
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema AND "
            + which);
  }

  /** Without these a commit that was acknowledged can be lost, or a page torn, with the power. */
  private void refuseForgetful(Statement statement) throws SQLException, IOException {
    for (String setting : List.of("fsync", "full_page_writes")) {
      try (ResultSet rows = statement.executeQuery("SHOW " + setting)) {
        if (!rows.next() || !"on".equals(rows.getString(1))) {
          throw new IOException(
              "journal "
                  + name
                  + ": its server runs with "
                  + setting
                  + " off and may lose what it acknowledged; switch it on");
        }
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Connection openWriter() throws SQLException {
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit TO on");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Fence fence(Connection writer) throws SQLException {
    return PostgresLease.take(writer, name, holder, patience, beat);
  }

  @Override
  public Readers openReaders(int count) {
    return new PooledReaders(name, source, count, beginRead());
  }

  @Override
  public String beginWrite() {
    return "BEGIN";
  }

  @Override
  public String beginRead() {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  }

  @Override
  public void copyTo(Path empty) throws SQLException, IOException {
    try (Connection from = source.getConnection();
        Connection to = JournalFile.openCopy(empty)) {
      from.setAutoCommit(false);
      from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      from.setReadOnly(true);
      to.setAutoCommit(false);
      TableCopy.copy(from, to);
      to.commit();
      from.rollback();
    }
  }

  @Override
  public boolean wantsRetry(SQLException refused) {
    String state = refused.getSQLState();
    return state != null && UNDONE.contains(state);
  }
}
