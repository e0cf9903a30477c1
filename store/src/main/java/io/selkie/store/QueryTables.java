package io.selkie.store;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorView.Extract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes what queries read: sectors without their records, their pieces, and the order of all
 * entries. Each method works within the transaction its caller has begun.
 */
final class QueryTables {

  /** The table that says whether the others are complete. */
  static final String READ_MODEL = "read_model";

  private static final String NAME = "queries";

  /** Counted up when more is made of a record; a journal of an older one is filled again. */
  private static final int VERSION = 1;

  /** Rows read at once while filling. */
  private static final int FILL_ROWS = 512;

  private final PreparedStatement upsertView;
  private final PreparedStatement selectPieces;
  private final PreparedStatement insertPiece;
  private final PreparedStatement deletePiece;
  private final PreparedStatement insertOrder;
  private final Connection connection;
  private long lastPosition;

  QueryTables(Connection connection) throws SQLException {
    this.connection = connection;
    upsertView =
        connection.prepareStatement(
            "INSERT INTO sector_view (miner, number, state, entered_ms, has_error, last_error,"
                + " seal_proof, pieces) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (miner, number) DO UPDATE SET state = excluded.state,"
                + " entered_ms = excluded.entered_ms, has_error = excluded.has_error,"
                + " last_error = excluded.last_error, seal_proof = excluded.seal_proof,"
                + " pieces = excluded.pieces");
    selectPieces =
        connection.prepareStatement(
            "SELECT piece_cid FROM sector_piece WHERE miner = ? AND number = ?");
    insertPiece =
        connection.prepareStatement(
            "INSERT INTO sector_piece (miner, number, piece_cid) VALUES (?, ?, ?)");
    deletePiece =
        connection.prepareStatement(
            "DELETE FROM sector_piece WHERE miner = ? AND number = ? AND piece_cid = ?");
    insertOrder =
        connection.prepareStatement(
            "INSERT INTO event_order (position, miner, number, sequence) VALUES (?, ?, ?, ?)");
    readLastPosition();
  }

  /** After rows came from elsewhere. */
  void readLastPosition() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      lastPosition =
          SchemaVersions.number(statement, "SELECT coalesce(max(position), 0) FROM event_order");
    }
  }

  /** Gives an entry its place in the order of all. */
  void order(SectorId sector, long sequence) throws SQLException {
    insertOrder.setLong(1, ++lastPosition);
    JournalWrites.setSector(insertOrder, 2, sector);
    insertOrder.setLong(4, sequence);
    insertOrder.executeUpdate();
  }

  /** Writes a sector's row and pieces as they are now. */
  void write(SectorId sector, Extract extract) throws SQLException {
    SectorView view = extract.view();
    String error = JournalWrites.text(view.lastError());
    JournalWrites.setSector(upsertView, 1, sector);
    upsertView.setString(3, JournalWrites.text(view.state()));
    upsertView.setLong(4, view.enteredAtMs());
    upsertView.setInt(5, error.isEmpty() ? 0 : 1);
    upsertView.setString(6, error);
    upsertView.setInt(7, view.sealProof());
    upsertView.setInt(8, view.pieces());
    upsertView.executeUpdate();
    writePieces(sector, extract.pieceCids());
  }

  private void writePieces(SectorId sector, SortedSet<String> after) throws SQLException {
    JournalWrites.setSector(selectPieces, 1, sector);
    SortedSet<String> before = new TreeSet<>();
    try (ResultSet rows = selectPieces.executeQuery()) {
      while (rows.next()) {
        before.add(rows.getString(1));
      }
    }
    if (before.equals(after)) {
      return;
    }
    for (String gone : before) {
      if (!after.contains(gone)) {
        change(deletePiece, sector, gone);
      }
    }
    for (String come : after) {
      if (!before.contains(come)) {
        change(insertPiece, sector, come);
      }
    }
  }

  private static void change(PreparedStatement statement, SectorId sector, String piece)
      throws SQLException {
    JournalWrites.setSector(statement, 1, sector);
    statement.setString(3, piece);
    statement.executeUpdate();
  }

  /** Makes the tables of a journal that was written before there were any. */
  void fillIfMissing() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long version =
          SchemaVersions.number(
              statement, "SELECT version FROM " + READ_MODEL + " WHERE name = '" + NAME + "'");
      if (version == VERSION) {
        return;
      }
      statement.execute("DELETE FROM sector_view");
      statement.execute("DELETE FROM sector_piece");
      fillSectors();
      fillOrder(statement);
      statement.execute("DELETE FROM " + READ_MODEL + " WHERE name = '" + NAME + "'");
      statement.execute(
          "INSERT INTO "
              + READ_MODEL
              + " (name, version) VALUES ('"
              + NAME
              + "', "
              + VERSION
              + ")");
    }
  }

  /** By time, as nobody noted the order then. Positions once given stay. */
  private void fillOrder(Statement statement) throws SQLException {
    statement.execute(
        "INSERT INTO event_order (position, miner, number, sequence)"
            + " SELECT "
            + lastPosition
            + " + row_number() OVER (ORDER BY e.at_s, e.at_ns, e.miner, e.number, e.sequence),"
            + " e.miner, e.number, e.sequence FROM event e"
            + (lastPosition == 0
                ? ""
                : " WHERE NOT EXISTS (SELECT 1 FROM event_order o WHERE o.miner = e.miner"
                    + " AND o.number = e.number AND o.sequence = e.sequence)"));
    readLastPosition();
  }

  private void fillSectors() throws SQLException {
    try (PreparedStatement page =
        connection.prepareStatement(
            "SELECT s.miner, s.number, s.state, s.record, e.at_s, e.at_ns FROM sector s"
                + " LEFT JOIN event e ON e.miner = s.miner AND e.number = s.number"
                + " AND e.sequence = s.sequence"
                + " WHERE (s.miner, s.number) > (?, ?) AND s.number >= 0"
                + " ORDER BY s.miner, s.number LIMIT "
                + FILL_ROWS)) {
      Optional<Snapshot> last = Optional.empty();
      do {
        page.setLong(1, last.map(row -> row.sector().miner().value()).orElse(-1L));
        page.setLong(2, last.map(row -> row.sector().number().value()).orElse(-1L));
        last = fillPage(page);
      } while (last.isPresent());
    }
  }

  /** The last row of the page, if there was any. */
  private Optional<Snapshot> fillPage(PreparedStatement page) throws SQLException {
    List<Snapshot> sectors = new ArrayList<>();
    List<Instant> since = new ArrayList<>();
    try (ResultSet rows = page.executeQuery()) {
      while (rows.next()) {
        sectors.add(
            new Snapshot(
                SectorId.of(rows.getLong(1), rows.getLong(2)),
                0,
                rows.getString(3),
                JournalReads.bytes(rows, 4),
                Optional.empty(),
                List.of()));
        since.add(JournalReads.instant(rows, 5));
      }
    }
    for (int i = 0; i < sectors.size(); i++) {
      write(sectors.get(i).sector(), SectorView.of(sectors.get(i), since.get(i)));
    }
    return sectors.isEmpty() ? Optional.empty() : Optional.of(sectors.getLast());
  }
}
