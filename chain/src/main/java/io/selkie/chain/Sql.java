package io.selkie.chain;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection; whoever holds the connection's lock calls them. */
final class Sql {

  private final Connection connection;

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of a row. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... args) throws SQLException {
    try (PreparedStatement statement = prepare(sql, args);
        ResultSet rows = statement.executeQuery()) {
      List<T> out = new ArrayList<>();
      while (rows.next()) {
        out.add(reader.read(rows));
      }
      return out;
    }
  }

  /** Takes a row. */
  interface RowTaker {
    void take(ResultSet row) throws SQLException;
  }

  /** Shows every row to {@code taker}; none is kept. */
  void each(String sql, RowTaker taker, @Nullable Object... args) throws SQLException {
    try (PreparedStatement statement = prepare(sql, args);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        taker.take(rows);
      }
    }
  }

  <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... args)
      throws SQLException {
    List<T> rows = list(sql, reader, args);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
  }

  /** The number that a query of one number gives. */
  long number(String sql, @Nullable Object... args) throws SQLException {
    return list(sql, row -> row.getLong(1), args).getFirst();
  }

  /** Rows changed. */
  int update(String sql, @Nullable Object... args) throws SQLException {
    try (PreparedStatement statement = prepare(sql, args)) {
      return statement.executeUpdate();
    }
  }

  /** Changes exactly one row. */
  void updateOne(String sql, @Nullable Object... args) throws SQLException {
    int rows = update(sql, args);
    if (rows != 1) {
      throw new SQLException(rows + " rows changed instead of one by: " + sql);
    }
  }

  private PreparedStatement prepare(String sql, @Nullable Object... args) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < args.length; i++) {
        statement.setObject(i + 1, args[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
