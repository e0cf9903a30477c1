package io.selkie.store;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.query.SectorView.Extract;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills a new journal with sectors by the million, for measuring: the rows are those that appends
 * would have made, but nothing is forced before the end, and indexes are made once over everything.
 * A load that breaks off leaves a file that is good for nothing.
 *
 * <p>Used by one thread at a time.
 */
public final class JournalLoad implements AutoCloseable {

  /** What the engine may hold in memory while it builds indexes. */
  private static final int CACHE_KIB = 256 << 10;

  private static final String SECONDARY_INDEXES =
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
          + " AND tbl_name IN ('sector', 'sector_view', 'sector_piece', 'deal_ref')";

  /** Entries of one load get their places in the order of their times. */
  private static final String ORDER =
      "INSERT INTO event_order (position, miner, number, sequence)"
          + " SELECT ? + row_number() OVER (ORDER BY at_s, at_ns, number, sequence),"
          + " miner, number, sequence FROM event WHERE miner = ? AND number BETWEEN ? AND ?";

  /**
   * One entry as it is recorded.
   *
   * @param payload the whole event; empty for a further line about the entry before
   * @param state where the sector was afterwards
   */
  public record Line(
      Instant at, String kind, String message, String trace, byte[] payload, String state) {}

  /**
   * A sector and its whole log.
   *
   * @param row the sector as of its last entry
   * @param extract what queries read of it
   * @param lines the entries, the first one being of sequence 1
   */
  public record Sector(Snapshot row, Extract extract, List<Line> lines) {}

  private final Path file;
  private final Connection connection;
  private final JournalWrites writes;
  private final QueryTables queries;
  private final Map<String, String> indexes;
  private final PreparedStatement event;
  private final PreparedStatement sector;
  private final PreparedStatement ref;
  private final PreparedStatement order;
  private long lastPosition;
  private long lastRef;

  private JournalLoad(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    execute("PRAGMA synchronous = OFF");
    execute("PRAGMA journal_mode = OFF");
    execute("PRAGMA cache_size = -" + CACHE_KIB);
    writes = new JournalWrites(connection);
    writes.fillQueryTables();
    queries = new QueryTables(connection);
    indexes = dropIndexes();
    event =
        connection.prepareStatement(
            "INSERT INTO event (miner, number, sequence, at_s, at_ns, kind, trace, message,"
                + " payload, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    sector =
        connection.prepareStatement(
            "INSERT INTO sector (miner, number, sequence, state, record) VALUES (?, ?, ?, ?, ?)");
    ref =
        connection.prepareStatement(
            "INSERT INTO deal_ref (miner, number, deal, offset_padded, size_unpadded, recorded)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    order = connection.prepareStatement(ORDER);
  }

  /**
   * Begins a journal.
   *
   * @param file must not exist, its directory must
   */
  public static JournalLoad create(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      throw new FileAlreadyExistsException(absolute.toString());
    }
    DurableFiles.createForOwner(absolute);
    try {
      return new JournalLoad(absolute, JournalFile.openCopy(absolute));
    } catch (SQLException e) {
      throw failed(absolute, e);
    }
  }

  /**
   * Adds sectors without timers.
   *
   * @param sectors of one miner, ascending, and above all that were added before
   */
  public void add(List<Sector> sectors) throws IOException {
    if (sectors.isEmpty()) {
      return;
    }
    try {
      execute("BEGIN");
      for (Sector each : sectors) {
        addOne(each);
      }
      SectorId first = sectors.getFirst().row().sector();
      order.setLong(1, lastPosition);
      JournalWrites.setSector(order, 2, first);
      order.setLong(4, sectors.getLast().row().sector().number().value());
      lastPosition += order.executeUpdate();
      execute("COMMIT");
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private void addOne(Sector added) throws SQLException {
    Snapshot row = added.row();
    for (int i = 0; i < added.lines().size(); i++) {
      addLine(row.sector(), i + 1, added.lines().get(i));
    }
    JournalWrites.setSector(sector, 1, row.sector());
    sector.setLong(3, row.sequence());
    sector.setString(4, row.state());
    sector.setBytes(5, row.record());
    sector.executeUpdate();
    for (DealRef place : row.refs()) {
      JournalWrites.setSector(ref, 1, row.sector());
      ref.setLong(3, place.deal().value());
      ref.setLong(4, place.offsetPaddedBytes());
      ref.setLong(5, place.sizeUnpaddedBytes());
      ref.setLong(6, ++lastRef);
      ref.executeUpdate();
    }
    queries.write(row.sector(), added.extract());
    writes.allocateNumber(row.sector());
  }

  private void addLine(SectorId of, long sequence, Line line) throws SQLException {
    JournalWrites.setSector(event, 1, of);
    event.setLong(3, sequence);
    JournalWrites.setInstant(event, 4, line.at());
    event.setString(6, line.kind());
    event.setString(7, line.trace());
    event.setString(8, JournalWrites.text(line.message()));
    event.setBytes(9, line.payload());
    event.setString(10, line.state());
    event.executeUpdate();
  }

  private Map<String, String> dropIndexes() throws SQLException {
    Map<String, String> found = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SECONDARY_INDEXES)) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getString(2));
      }
    }
    for (String name : found.keySet()) {
      execute("DROP INDEX " + name);
    }
    return found;
  }

  /** Counts, makes the indexes, and forces everything: only now it is a journal. */
  public void finish() throws IOException {
    try {
      for (String index : indexes.values()) {
        execute(index);
      }
      execute(
          "INSERT INTO sector_count (miner, state, n)"
              + " SELECT miner, state, count(*) FROM sector GROUP BY miner, state");
    } catch (SQLException e) {
      throw failed(file, e);
    }
    close();
    DurableFiles.force(file);
    Path directory = file.getParent();
    if (directory != null) {
      DurableFiles.forceNames(directory);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static IOException failed(Path file, SQLException cause) {
    return new IOException("loading journal " + file + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }
}
