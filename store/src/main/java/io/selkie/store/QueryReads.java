package io.selkie.store;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.query.EventFeed.Happened;
import io.selkie.pipeline.query.SectorFilter;
import io.selkie.pipeline.query.SectorView;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the tables of {@link QueryTables} through one connection. */
final class QueryReads {

  /** Names in one list of a statement; engines limit their number. */
  static final int IN_LIMIT = 500;

  /** Up to so many sectors one condition is followed, and the others are looked at row by row. */
  static final int FEW = 4_096;

  /** Rows read at once where some are thrown away again. */
  private static final int SCAN_ROWS = 4_096;

  private static final String COLUMNS =
      "number, state, entered_ms, last_error, seal_proof, pieces FROM sector_view";

  private final Connection connection;

  QueryReads(Connection connection) {
    this.connection = connection;
  }

  /** A statement and what goes into it. */
  private record Query(String sql, List<Object> arguments) {}

  /** Where the rows come from, ascending by number. */
  private interface Source {
    Query rows(long after, int limit);
  }

  /** The sectors that fit and follow {@code after}. */
  List<SectorView> page(ActorId miner, SectorFilter filter, long after, int limit)
      throws SQLException {
    if (filter.numbers().isPresent() && filter.numbers().get().length <= FEW) {
      return pageOfNumbers(miner, filter, after, limit);
    }
    Source source = source(miner, filter);
    boolean exact = filter.numbers().isEmpty() && filter.lastError().isEmpty();
    List<SectorView> found = new ArrayList<>();
    // A scan for numbers begins at the first of them and ends with the last.
    long[] numbers = filter.numbers().orElse(new long[] {0, Long.MAX_VALUE});
    long last = numbers[numbers.length - 1];
    long at = Math.max(after, numbers[0] - 1);
    while (true) {
      int wanted = exact ? limit : SCAN_ROWS;
      List<SectorView> rows = views(source.rows(at, wanted));
      for (SectorView row : rows) {
        if (filter.fits(row)) {
          found.add(row);
        }
        if (found.size() == limit) {
          return found;
        }
      }
      if (rows.size() < wanted || rows.getLast().number().value() >= last) {
        return found;
      }
      at = rows.getLast().number().value();
    }
  }

  private List<SectorView> pageOfNumbers(ActorId miner, SectorFilter filter, long after, int limit)
      throws SQLException {
    List<Long> wanted = new ArrayList<>();
    for (long number : filter.numbers().orElse(new long[0])) {
      if (number > after) {
        wanted.add(number);
      }
    }
    List<SectorView> found = new ArrayList<>();
    for (int from = 0; from < wanted.size() && found.size() < limit; from += IN_LIMIT) {
      List<Long> some = wanted.subList(from, Math.min(wanted.size(), from + IN_LIMIT));
      List<Object> arguments = new ArrayList<>(List.of(miner.value()));
      arguments.addAll(some);
      String where = " WHERE miner = ? AND number IN (" + places(some.size()) + ")";
      where += held(miner, filter, arguments);
      for (SectorView row : views(new Query(select(where), arguments))) {
        if (filter.fits(row) && found.size() < limit) {
          found.add(row);
        }
      }
    }
    return found;
  }

  private static String select(String where) {
    return "SELECT " + COLUMNS + where + " ORDER BY number";
  }

  /** The conditions of deal and piece, which are no columns of the row. */
  private static String held(ActorId miner, SectorFilter filter, List<Object> arguments) {
    StringBuilder sql = new StringBuilder();
    filter
        .deal()
        .ifPresent(deal -> {
          sql.append(" AND number IN (SELECT number FROM deal_ref WHERE miner = ? AND deal = ?)");
          arguments.add(miner.value());
          arguments.add(deal.value());
        });
    filter
        .piece()
        .ifPresent(piece -> {
          sql.append(
              " AND number IN (SELECT number FROM sector_piece"
                  + " WHERE miner = ? AND piece_cid = ?)");
          arguments.add(miner.value());
          arguments.add(piece.toString());
        });
    return sql.toString();
  }

  /** The condition that leaves fewest rows, as far as that can be told without reading them. */
  private Source source(ActorId miner, SectorFilter filter) throws SQLException {
    if (filter.deal().isPresent() || filter.piece().isPresent()) {
      return (after, limit) -> ofHeld(miner, filter, after, limit);
    }
    if (filter.lastError().isPresent()) {
      return (after, limit) -> ofErrors(miner, after, limit);
    }
    if (filter.hasAge() && isFew(miner, filter)) {
      // The sign keeps the engine from walking through all numbers in their order instead.
      return (after, limit) -> {
        List<Object> arguments = new ArrayList<>(List.of(miner.value()));
        String rest = rest(filter, arguments) + " AND +number > ?";
        arguments.add(after);
        arguments.add(limit);
        return new Query(
            "SELECT " + COLUMNS + " WHERE miner = ?" + rest + " ORDER BY +number LIMIT ?",
            arguments);
      };
    }
    if (!filter.states().isEmpty() && !filter.hasAge()) {
      return (after, limit) -> ofStates(miner, filter, after, limit);
    }
    return (after, limit) -> {
      List<Object> arguments = new ArrayList<>(List.of(miner.value(), after));
      String rest = rest(filter, arguments);
      arguments.add(limit);
      return limited(" WHERE miner = ? AND number > ?" + rest, arguments);
    };
  }

  private static Query limited(String where, List<Object> arguments) {
    return new Query(select(where) + " LIMIT ?", arguments);
  }

  private static Query ofHeld(ActorId miner, SectorFilter filter, long after, int limit) {
    List<Object> arguments = new ArrayList<>(List.of(miner.value(), after));
    String where =
        " WHERE miner = ? AND number > ?"
            + held(miner, filter, arguments)
            + rest(filter, arguments);
    arguments.add(limit);
    return limited(where, arguments);
  }

  /**
   * Only rows with an error; the text, and whatever else is wanted, is looked at row by row. The
   * numbers alone come from the index first: asked for whole rows, SQLite would walk through all
   * sectors in their order.
   */
  private static Query ofErrors(ActorId miner, long after, int limit) {
    return new Query(
        select(
            " WHERE miner = ? AND number IN (SELECT number FROM sector_view"
                + " WHERE miner = ? AND has_error = 1 AND number > ? ORDER BY number LIMIT ?)"),
        List.of(miner.value(), miner.value(), after, limit));
  }

  /** Each state by its index, for the same reason. */
  private static Query ofStates(ActorId miner, SectorFilter filter, long after, int limit) {
    StringBuilder sql = new StringBuilder(" WHERE miner = ? AND number IN (");
    List<Object> arguments = new ArrayList<>(List.of(miner.value()));
    String separator = "";
    for (String state : filter.states()) {
      arguments.addAll(List.of(miner.value(), JournalWrites.text(state), after, limit));
      sql.append(separator)
          .append("SELECT number FROM (SELECT number FROM sector_view")
          .append(" WHERE miner = ? AND state = ? AND number > ? ORDER BY number LIMIT ?) AS one");
      separator = " UNION ALL ";
    }
    arguments.add(limit);
    return limited(sql.append(')').toString(), arguments);
  }

  /** Conditions of state and age. */
  private static String rest(SectorFilter filter, List<Object> arguments) {
    String sql = "";
    if (!filter.states().isEmpty()) {
      sql = " AND state IN (" + places(filter.states().size()) + ")";
      filter.states().forEach(state -> arguments.add(JournalWrites.text(state)));
    }
    return sql + age(filter, arguments);
  }

  private static String age(SectorFilter filter, List<Object> arguments) {
    String sql = "";
    if (filter.enteredFromMs() != Long.MIN_VALUE) {
      sql += " AND entered_ms >= ?";
      arguments.add(filter.enteredFromMs());
    }
    if (filter.enteredToMs() != Long.MAX_VALUE) {
      sql += " AND entered_ms <= ?";
      arguments.add(filter.enteredToMs());
    }
    return sql;
  }

  private boolean isFew(ActorId miner, SectorFilter filter) throws SQLException {
    List<Object> arguments = new ArrayList<>(List.of(miner.value()));
    String age = age(filter, arguments);
    arguments.add(FEW + 1);
    Query query =
        new Query(
            "SELECT count(*) FROM (SELECT 1 FROM sector_view WHERE miner = ?"
                + age
                + " LIMIT ?) AS few",
            arguments);
    try (PreparedStatement statement = prepare(query);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() && rows.getLong(1) <= FEW;
    }
  }

  private static String places(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  private PreparedStatement prepare(Query query) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(query.sql());
    int at = 1;
    for (Object argument : query.arguments()) {
      if (argument instanceof String text) {
        statement.setString(at, text);
      } else {
        statement.setLong(at, ((Number) argument).longValue());
      }
      at++;
    }
    return statement;
  }

  private List<SectorView> views(Query query) throws SQLException {
    List<SectorView> found = new ArrayList<>();
    try (PreparedStatement statement = prepare(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(
            new SectorView(
                new SectorNumber(rows.getLong(1)),
                rows.getString(2),
                rows.getLong(3),
                rows.getString(4),
                rows.getInt(5),
                rows.getInt(6)));
      }
    }
    return found;
  }

  /** One row of a look-up by numbers. */
  private interface Row {
    void take(SectorNumber number, ResultSet row) throws SQLException;
  }

  private void forNumbers(ActorId miner, Collection<SectorNumber> numbers, String select, Row each)
      throws SQLException {
    Iterator<SectorNumber> left = numbers.iterator();
    while (left.hasNext()) {
      List<Object> arguments = new ArrayList<>(List.of(miner.value()));
      while (left.hasNext() && arguments.size() <= IN_LIMIT) {
        arguments.add(left.next().value());
      }
      String where = " WHERE miner = ? AND number IN (" + places(arguments.size() - 1) + ")";
      try (PreparedStatement statement = prepare(new Query(select + where, arguments));
          ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          each.take(new SectorNumber(rows.getLong(1)), rows);
        }
      }
    }
  }

  SortedMap<SectorNumber, SortedSet<Long>> deals(ActorId miner, Collection<SectorNumber> numbers)
      throws SQLException {
    SortedMap<SectorNumber, SortedSet<Long>> found = new TreeMap<>();
    forNumbers(
        miner,
        numbers,
        "SELECT number, deal FROM deal_ref",
        (number, row) -> found.computeIfAbsent(number, _ -> new TreeSet<>()).add(row.getLong(2)));
    return found;
  }

  SortedMap<SectorNumber, SortedSet<String>> pieces(ActorId miner, Collection<SectorNumber> numbers)
      throws SQLException {
    SortedMap<SectorNumber, SortedSet<String>> found = new TreeMap<>();
    forNumbers(
        miner,
        numbers,
        "SELECT number, piece_cid FROM sector_piece",
        (number, row) -> found.computeIfAbsent(number, _ -> new TreeSet<>()).add(row.getString(2)));
    return found;
  }

  SortedMap<SectorNumber, byte[]> records(ActorId miner, Collection<SectorNumber> numbers)
      throws SQLException {
    SortedMap<SectorNumber, byte[]> found = new TreeMap<>();
    forNumbers(
        miner,
        numbers,
        "SELECT number, record FROM sector",
        (number, row) -> found.put(number, JournalReads.bytes(row, 2)));
    return found;
  }

  /** The entries that follow a position. */
  List<Happened> happened(long position, int limit) throws SQLException {
    Query query =
        new Query(
            "SELECT o.position, o.miner, o.number, o.sequence, e.at_s, e.at_ns, e.kind, e.state,"
                + " e.message FROM event_order o JOIN event e ON e.miner = o.miner"
                + " AND e.number = o.number AND e.sequence = o.sequence"
                + " WHERE o.position > ? ORDER BY o.position LIMIT ?",
            List.of(position, limit));
    List<Happened> found = new ArrayList<>();
    try (PreparedStatement statement = prepare(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Happened(
                rows.getLong(1),
                SectorId.of(rows.getLong(2), rows.getLong(3)),
                rows.getLong(4),
                JournalReads.instant(rows, 5),
                rows.getString(7),
                rows.getString(8),
                rows.getString(9)));
      }
    }
    return found;
  }

  long lastPosition() throws SQLException {
    return number(new Query("SELECT coalesce(max(position), 0) FROM event_order", List.of()));
  }

  private long number(Query query) throws SQLException {
    try (PreparedStatement statement = prepare(query);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Halves the positions; entries are recorded in the order of their times, but for the clock. */
  long positionAt(Instant at) throws SQLException {
    long low = 0;
    long high = lastPosition();
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      List<Happened> found = happened(middle - 1, 1);
      if (found.isEmpty() || found.getFirst().at().isAfter(at)) {
        high = middle - 1;
      } else {
        low = Math.min(high, found.getFirst().position());
      }
    }
    return low;
  }

  /** Undoes what came after the position in the counts of today. */
  SortedMap<String, Long> undone(ActorId miner, long position, SortedMap<String, Long> today)
      throws SQLException {
    SortedMap<String, Long> then = new TreeMap<>(today);
    Query query =
        new Query(
            "SELECT s.state, e.state, count(*) FROM (SELECT number, min(sequence) AS first"
                + " FROM event_order WHERE position > ? AND miner = ? GROUP BY number) AS c"
                + " JOIN sector s ON s.miner = ? AND s.number = c.number"
                + " LEFT JOIN event e ON e.miner = ? AND e.number = c.number"
                + " AND e.sequence = c.first - 1 GROUP BY s.state, e.state",
            List.of(position, miner.value(), miner.value(), miner.value()));
    try (PreparedStatement statement = prepare(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        then.merge(rows.getString(1), -rows.getLong(3), Long::sum);
        String before = rows.getString(2);
        if (before != null) {
          then.merge(before, rows.getLong(3), Long::sum);
        }
      }
    }
    then.values().removeIf(count -> count == 0);
    return then;
  }
}
