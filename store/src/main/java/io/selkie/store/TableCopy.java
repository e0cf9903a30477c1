package io.selkie.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Collections;
import java.util.List;

/** Every row of every table from one engine to the other. */
final class TableCopy {

  /** Rows sent at once; with proofs in them a thousand would be hundreds of megabytes. */
  private static final int BATCH_ROWS = 64;

  private enum Kind {
    NUMBER,
    TEXT,
    BYTES
  }

  private record Column(String name, Kind kind) {}

  private record Table(String name, List<Column> columns) {}

  private static final List<Table> TABLES =
      List.of(
          new Table(
              "event",
              List.of(
                  number("miner"),
                  number("number"),
                  number("sequence"),
                  number("at_s"),
                  number("at_ns"),
                  text("kind"),
                  text("trace"),
                  text("message"),
                  bytes("payload"),
                  text("state"))),
          new Table(
              "sector",
              List.of(
                  number("miner"),
                  number("number"),
                  number("sequence"),
                  text("state"),
                  bytes("record"))),
          new Table("sector_count", List.of(number("miner"), text("state"), number("n"))),
          new Table(
              "deal_ref",
              List.of(
                  number("miner"),
                  number("number"),
                  number("deal"),
                  number("offset_padded"),
                  number("size_unpadded"),
                  number("recorded"))),
          new Table(
              "timer",
              List.of(
                  number("miner"),
                  number("number"),
                  number("at_s"),
                  number("at_ns"),
                  number("epoch"),
                  text("reason"))),
          new Table("sector_number", List.of(number("miner"), number("number"))),
          new Table("kv", List.of(text("name"), bytes("value"))),
          new Table(
              "sector_view",
              List.of(
                  number("miner"),
                  number("number"),
                  text("state"),
                  number("entered_ms"),
                  number("has_error"),
                  text("last_error"),
                  number("seal_proof"),
                  number("pieces"))),
          new Table("sector_piece", List.of(number("miner"), number("number"), text("piece_cid"))),
          new Table(
              "event_order",
              List.of(number("position"), number("miner"), number("number"), number("sequence"))),
          new Table(QueryTables.READ_MODEL, List.of(text("name"), number("version"))));

  private TableCopy() {}

  private static Column number(String name) {
    return new Column(name, Kind.NUMBER);
  }

  private static Column text(String name) {
    return new Column(name, Kind.TEXT);
  }

  private static Column bytes(String name) {
    return new Column(name, Kind.BYTES);
  }

  /** How many rows there are in all tables together. */
  static long rows(Connection connection) throws SQLException {
    long rows = 0;
    try (Statement statement = connection.createStatement()) {
      for (Table table : TABLES) {
        if (isNote(table)) {
          continue;
        }
        rows += SchemaVersions.number(statement, "SELECT count(*) FROM " + table.name());
      }
    }
    return rows;
  }

  /** Copies within the transactions that the caller has begun on both. */
  static void copy(Connection from, Connection to) throws SQLException {
    for (Table table : TABLES) {
      if (isNote(table)) {
        // An empty database may say already that it is complete.
        try (Statement statement = to.createStatement()) {
          statement.execute("DELETE FROM " + table.name());
        }
      }
      if (isThere(table, from)) {
        copy(table, from, to);
      }
    }
  }

  private static boolean isNote(Table table) {
    return table.name().equals(QueryTables.READ_MODEL);
  }

  /** A backup of an older version has fewer tables. */
  private static boolean isThere(Table table, Connection from) throws SQLException {
    try (ResultSet tables = from.getMetaData().getTables(null, null, table.name(), null)) {
      return tables.next();
    }
  }

  private static void copy(Table table, Connection from, Connection to) throws SQLException {
    String columns = String.join(", ", table.columns().stream().map(Column::name).toList());
    String places = String.join(", ", Collections.nCopies(table.columns().size(), "?"));
    try (Statement select = from.createStatement();
        PreparedStatement insert =
            to.prepareStatement(
                "INSERT INTO " + table.name() + " (" + columns + ") VALUES (" + places + ")")) {
      select.setFetchSize(BATCH_ROWS);
      try (ResultSet rows = select.executeQuery("SELECT " + columns + " FROM " + table.name())) {
        int waiting = 0;
        while (rows.next()) {
          set(insert, rows, table.columns());
          insert.addBatch();
          waiting++;
          if (waiting == BATCH_ROWS) {
            insert.executeBatch();
            waiting = 0;
          }
        }
        insert.executeBatch();
      }
    }
  }

  private static void set(PreparedStatement insert, ResultSet row, List<Column> columns)
      throws SQLException {
    for (int i = 1; i <= columns.size(); i++) {
      switch (columns.get(i - 1).kind()) {
        case NUMBER -> {
          long value = row.getLong(i);
          if (row.wasNull()) {
            insert.setNull(i, Types.BIGINT);
          } else {
            insert.setLong(i, value);
          }
        }
        case TEXT -> insert.setString(i, row.getString(i));
        case BYTES -> insert.setBytes(i, JournalReads.bytes(row, i));
      }
    }
  }
}
