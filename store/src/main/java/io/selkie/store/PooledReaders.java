package io.selkie.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Connections to a server, which may go away under us: the pool replaces those that broke. */
final class PooledReaders implements Dialect.Readers {

  /** How long a read waits for a connection before it fails. */
  static final int CONNECTION_TIMEOUT_MS = 10_000;

  private final HikariDataSource pool;
  private final String begin;

  PooledReaders(String name, DataSource source, int count, String begin) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("journal " + name);
    config.setDataSource(source);
    config.setMaximumPoolSize(count);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
    config.setConnectionInitSql("SET default_transaction_read_only = on");
    this.pool = new HikariDataSource(config);
    this.begin = begin;
  }

  @Override
  public JournalReads take() throws SQLException {
    Connection connection = pool.getConnection();
    try {
      return new JournalReads(connection, begin);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void give(JournalReads reads) throws SQLException {
    reads.close();
  }

  @Override
  public void close() {
    pool.close();
  }
}
