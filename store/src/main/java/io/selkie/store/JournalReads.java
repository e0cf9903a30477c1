package io.selkie.store;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.pipeline.SectorJournal.Told;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One read-only connection and its statements. Used by one thread at a time.
 *
 * <p>A row that nobody can have written, such as one of a negative number, is nobody's sector and
 * not read: it must not keep the others from being read.
 */
final class JournalReads implements AutoCloseable {

  /** Sectors handed out per page of a walk over all of them. */
  static final int PAGE_LIMIT = 512;

  /** Entries handed out per page; one may carry a proof of hundreds of kilobytes. */
  static final int ENTRIES_LIMIT = 64;

  static final String SELECT_SECTOR_REFS =
      "SELECT deal, number, offset_padded, size_unpadded FROM deal_ref"
          + " WHERE miner = ? AND number = ? AND deal >= 0 ORDER BY recorded";

  private static final String SELECT_SNAPSHOT =
      "SELECT s.miner, s.number, s.sequence, s.state, s.record, t.at_s, t.at_ns, t.epoch, t.reason"
          + " FROM sector s LEFT JOIN timer t ON t.miner = s.miner AND t.number = s.number";

  private final Connection connection;
  private final QueryReads queries;
  private final String begin;
  private final Statement transaction;
  private final PreparedStatement load;
  private final PreparedStatement page;
  private final PreparedStatement pageInState;
  private final PreparedStatement entries;
  private final PreparedStatement sectorRefs;
  private final PreparedStatement listed;
  private final PreparedStatement inState;
  private final PreparedStatement counts;
  private final PreparedStatement refs;
  private final PreparedStatement log;
  private final PreparedStatement numbers;
  private final PreparedStatement value;
  private final PreparedStatement values;

  /**
   * Prepares the statements.
   *
   * @param begin begins a transaction whose reads are all as of one commit
   */
  JournalReads(Connection connection, String begin) throws SQLException {
    this.connection = connection;
    this.begin = begin;
    queries = new QueryReads(connection);
    transaction = connection.createStatement();
    load = connection.prepareStatement(SELECT_SNAPSHOT + " WHERE s.miner = ? AND s.number = ?");
    page =
        connection.prepareStatement(
            SELECT_SNAPSHOT
                + " WHERE (s.miner, s.number) > (?, ?) AND s.number >= 0 ORDER BY s.miner, s.number LIMIT "
                + PAGE_LIMIT);
    pageInState =
        connection.prepareStatement(
            SELECT_SNAPSHOT
                + " WHERE s.miner = ? AND s.state = ? AND s.number > ? ORDER BY s.number LIMIT "
                + PAGE_LIMIT);
    entries =
        connection.prepareStatement(
            "SELECT sequence, at_s, at_ns, kind, payload, state FROM event"
                + " WHERE miner = ? AND number = ? AND sequence > ? ORDER BY sequence LIMIT "
                + ENTRIES_LIMIT);
    sectorRefs = connection.prepareStatement(SELECT_SECTOR_REFS);
    listed =
        connection.prepareStatement(
            "SELECT number FROM sector WHERE miner = ? AND state > '' AND number >= 0");
    inState =
        connection.prepareStatement(
            "SELECT number FROM sector WHERE miner = ? AND state = ? AND number >= 0");
    counts = connection.prepareStatement("SELECT state, n FROM sector_count WHERE miner = ?");
    refs =
        connection.prepareStatement(
            "SELECT deal, number, offset_padded, size_unpadded FROM deal_ref"
                + " WHERE miner = ? AND number >= 0 AND deal >= 0 ORDER BY recorded");
    log =
        connection.prepareStatement(
            "SELECT kind, at_s, trace, message FROM event"
                + " WHERE miner = ? AND number = ? ORDER BY sequence");
    numbers =
        connection.prepareStatement(
            "SELECT number FROM sector_number WHERE miner = ? AND number >= 0 ORDER BY number");
    value = connection.prepareStatement("SELECT value FROM kv WHERE name = ?");
    values =
        connection.prepareStatement("SELECT name, value FROM kv WHERE name >= ? ORDER BY name");
  }

  Optional<Snapshot> load(SectorId sector) throws SQLException {
    load.setLong(1, sector.miner().value());
    load.setLong(2, sector.number().value());
    return snapshots(load).stream().findFirst();
  }

  /** The sector with its log, as of one commit. */
  Optional<Told> told(SectorId sector) throws SQLException {
    load.setLong(1, sector.miner().value());
    load.setLong(2, sector.number().value());
    transaction.execute(begin);
    try {
      List<Snapshot> found = rows(load);
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(new Told(found.getFirst(), log(sector)));
    } finally {
      transaction.execute("COMMIT");
    }
  }

  /** Questions about many sectors, and about all entries. */
  QueryReads queries() {
    return queries;
  }

  /** How many sectors were in each state after that position, as of one commit. */
  SortedMap<String, Long> summaryAt(ActorId miner, long position) throws SQLException {
    transaction.execute(begin);
    try {
      return queries.undone(miner, position, summary(miner));
    } finally {
      transaction.execute("COMMIT");
    }
  }

  /** How many entries there are. */
  long events() throws SQLException {
    return SchemaVersions.number(transaction, "SELECT count(*) FROM event");
  }

  /** The sectors that follow {@code (miner, number)}; none if there are no more. */
  List<Snapshot> pageAfter(long miner, long number) throws SQLException {
    page.setLong(1, miner);
    page.setLong(2, number);
    return snapshots(page);
  }

  /** The sectors in {@code state} that follow {@code number}; none if there are no more. */
  List<Snapshot> pageInState(ActorId miner, String state, long number) throws SQLException {
    pageInState.setLong(1, miner.value());
    pageInState.setString(2, state);
    pageInState.setLong(3, number);
    return snapshots(pageInState);
  }

  /** The sector's entries that follow {@code sequence}; none if there are no more. */
  List<Recorded> entries(SectorId sector, long sequence) throws SQLException {
    entries.setLong(1, sector.miner().value());
    entries.setLong(2, sector.number().value());
    entries.setLong(3, sequence);
    List<Recorded> found = new ArrayList<>();
    try (ResultSet rows = entries.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Recorded(
                rows.getLong(1),
                instant(rows, 2),
                rows.getString(4),
                bytes(rows, 5),
                rows.getString(6)));
      }
    }
    return found;
  }

  List<SectorNumber> list(ActorId miner) throws SQLException {
    listed.setLong(1, miner.value());
    return inTextOrder(numbers(listed, new ArrayList<>()));
  }

  List<SectorNumber> listInStates(ActorId miner, Set<String> states) throws SQLException {
    List<SectorNumber> found = new ArrayList<>();
    transaction.execute(begin);
    try {
      for (String state : states) {
        inState.setLong(1, miner.value());
        inState.setString(2, state);
        numbers(inState, found);
      }
    } finally {
      transaction.execute("COMMIT");
    }
    return inTextOrder(found);
  }

  SortedMap<String, Long> summary(ActorId miner) throws SQLException {
    counts.setLong(1, miner.value());
    SortedMap<String, Long> summary = new TreeMap<>();
    try (ResultSet rows = counts.executeQuery()) {
      while (rows.next()) {
        summary.put(rows.getString(1), rows.getLong(2));
      }
    }
    return summary;
  }

  SortedMap<DealId, List<DealRef>> refs(ActorId miner) throws SQLException {
    refs.setLong(1, miner.value());
    SortedMap<DealId, List<DealRef>> byDeal = new TreeMap<>();
    try (ResultSet rows = refs.executeQuery()) {
      while (rows.next()) {
        DealRef ref = ref(rows);
        byDeal.computeIfAbsent(ref.deal(), _ -> new ArrayList<>()).add(ref);
      }
    }
    return byDeal;
  }

  List<LogLine> log(SectorId sector) throws SQLException {
    log.setLong(1, sector.miner().value());
    log.setLong(2, sector.number().value());
    List<LogLine> lines = new ArrayList<>();
    try (ResultSet rows = log.executeQuery()) {
      while (rows.next()) {
        lines.add(
            new LogLine(rows.getString(1), rows.getLong(2), rows.getString(3), rows.getString(4)));
      }
    }
    return lines;
  }

  List<SectorNumber> allocatedNumbers(ActorId miner) throws SQLException {
    numbers.setLong(1, miner.value());
    return numbers(numbers, new ArrayList<>());
  }

  Optional<byte[]> value(String name) throws SQLException {
    value.setString(1, name);
    try (ResultSet rows = value.executeQuery()) {
      return rows.next() ? Optional.of(bytes(rows, 1)) : Optional.empty();
    }
  }

  SortedMap<String, byte[]> values(String prefix) throws SQLException {
    values.setString(1, prefix);
    SortedMap<String, byte[]> found = new TreeMap<>();
    try (ResultSet rows = values.executeQuery()) {
      // Names with the prefix stand together in the order of their bytes.
      while (rows.next() && rows.getString(1).startsWith(prefix)) {
        found.put(rows.getString(1), bytes(rows, 2));
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Sectors with their timers and deals, all as of one commit. */
  private List<Snapshot> snapshots(PreparedStatement query) throws SQLException {
    transaction.execute(begin);
    try {
      return rows(query);
    } finally {
      transaction.execute("COMMIT");
    }
  }

  private List<Snapshot> rows(PreparedStatement query) throws SQLException {
    List<Snapshot> found = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        SectorId sector = SectorId.of(rows.getLong(1), rows.getLong(2));
        found.add(
            new Snapshot(
                sector,
                rows.getLong(3),
                rows.getString(4),
                bytes(rows, 5),
                timer(rows),
                refsOf(sector)));
      }
    }
    return found;
  }

  private static Optional<Timer> timer(ResultSet rows) throws SQLException {
    String reason = rows.getString(9);
    if (reason == null) {
      return Optional.empty();
    }
    long epoch = rows.getLong(8);
    Optional<ChainEpoch> at =
        rows.wasNull() ? Optional.empty() : Optional.of(new ChainEpoch(epoch));
    return Optional.of(new Timer(instant(rows, 6), at, reason));
  }

  /** A damaged one lies in the past, so that nothing waits for it without end. */
  static Instant instant(ResultSet rows, int column) throws SQLException {
    try {
      return Instant.ofEpochSecond(rows.getLong(column), rows.getLong(column + 1));
    } catch (DateTimeException _) {
      return Instant.MIN;
    }
  }

  private List<DealRef> refsOf(SectorId sector) throws SQLException {
    sectorRefs.setLong(1, sector.miner().value());
    sectorRefs.setLong(2, sector.number().value());
    List<DealRef> found = new ArrayList<>();
    try (ResultSet rows = sectorRefs.executeQuery()) {
      while (rows.next()) {
        found.add(ref(rows));
      }
    }
    return found;
  }

  static DealRef ref(ResultSet rows) throws SQLException {
    return new DealRef(
        new DealId(rows.getLong(1)),
        new SectorNumber(rows.getLong(2)),
        rows.getLong(3),
        rows.getLong(4));
  }

  /** The driver hands out an empty blob as null. */
  static byte[] bytes(ResultSet rows, int column) throws SQLException {
    byte[] bytes = rows.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }

  private static List<SectorNumber> numbers(PreparedStatement query, List<SectorNumber> into)
      throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        into.add(new SectorNumber(rows.getLong(1)));
      }
    }
    return into;
  }

  /** Rows come in runs that are nearly in order already, which the sort makes use of. */
  private static List<SectorNumber> inTextOrder(List<SectorNumber> numbers) {
    numbers.sort(new DecimalTextOrder());
    return numbers;
  }
}
