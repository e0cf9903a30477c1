package io.selkie.store;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorView.Extract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The statements that write, prepared once. Each method works within the transaction its caller has
 * begun. Used by the writer thread alone.
 */
final class JournalWrites {

  private final PreparedStatement selectSector;
  private final PreparedStatement selectLastEvent;
  private final PreparedStatement deleteSector;
  private final PreparedStatement deleteCounts;
  private final PreparedStatement recount;
  private final PreparedStatement insertEvent;
  private final PreparedStatement insertSector;
  private final PreparedStatement updateSector;
  private final PreparedStatement addToCount;
  private final PreparedStatement takeFromCount;
  private final PreparedStatement deleteZeroCount;
  private final PreparedStatement upsertTimer;
  private final PreparedStatement deleteTimer;
  private final PreparedStatement selectRefs;
  private final PreparedStatement insertRef;
  private final PreparedStatement deleteRef;
  private final PreparedStatement insertNumber;
  private final PreparedStatement upsertValue;
  private final PreparedStatement deleteValue;

  private final Connection connection;
  private final QueryTables queries;
  private long lastRecordedRef;

  JournalWrites(Connection connection) throws SQLException {
    this.connection = connection;
    queries = new QueryTables(connection);
    selectSector =
        connection.prepareStatement(
            "SELECT sequence, state FROM sector WHERE miner = ? AND number = ?");
    selectLastEvent =
        connection.prepareStatement(
            "SELECT coalesce(max(sequence), 0) FROM event WHERE miner = ? AND number = ?");
    deleteSector = connection.prepareStatement("DELETE FROM sector WHERE miner = ? AND number = ?");
    deleteCounts = connection.prepareStatement("DELETE FROM sector_count WHERE miner = ?");
    recount =
        connection.prepareStatement(
            "INSERT INTO sector_count (miner, state, n)"
                + " SELECT miner, state, count(*) FROM sector WHERE miner = ?"
                + " GROUP BY miner, state");
    insertEvent =
        connection.prepareStatement(
            "INSERT INTO event (miner, number, sequence, at_s, at_ns, kind, trace, message,"
                + " payload, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insertSector =
        connection.prepareStatement(
            "INSERT INTO sector (sequence, state, record, miner, number) VALUES (?, ?, ?, ?, ?)");
    updateSector =
        connection.prepareStatement(
            "UPDATE sector SET sequence = ?, state = ?, record = ?"
                + " WHERE miner = ? AND number = ? AND sequence = ?");
    addToCount =
        connection.prepareStatement(
            "INSERT INTO sector_count (miner, state, n) VALUES (?, ?, 1)"
                + " ON CONFLICT (miner, state) DO UPDATE SET n = sector_count.n + 1");
    takeFromCount =
        connection.prepareStatement(
            "UPDATE sector_count SET n = n - 1 WHERE miner = ? AND state = ?");
    deleteZeroCount =
        connection.prepareStatement(
            "DELETE FROM sector_count WHERE miner = ? AND state = ? AND n = 0");
    upsertTimer =
        connection.prepareStatement(
            "INSERT INTO timer (miner, number, at_s, at_ns, epoch, reason)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (miner, number) DO UPDATE SET"
                + " at_s = excluded.at_s, at_ns = excluded.at_ns, epoch = excluded.epoch,"
                + " reason = excluded.reason");
    deleteTimer = connection.prepareStatement("DELETE FROM timer WHERE miner = ? AND number = ?");
    selectRefs = connection.prepareStatement(JournalReads.SELECT_SECTOR_REFS);
    insertRef =
        connection.prepareStatement(
            "INSERT INTO deal_ref (miner, number, deal, offset_padded, size_unpadded, recorded)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    deleteRef =
        connection.prepareStatement(
            "DELETE FROM deal_ref"
                + " WHERE miner = ? AND number = ? AND deal = ? AND offset_padded = ?");
    insertNumber =
        connection.prepareStatement(
            "INSERT INTO sector_number (miner, number) VALUES (?, ?) ON CONFLICT DO NOTHING");
    upsertValue =
        connection.prepareStatement(
            "INSERT INTO kv (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    deleteValue = connection.prepareStatement("DELETE FROM kv WHERE name = ?");
    readLastRecordedRef();
  }

  private void readLastRecordedRef() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      lastRecordedRef =
          SchemaVersions.number(statement, "SELECT coalesce(max(recorded), 0) FROM deal_ref");
    }
  }

  /** Takes every row of a backup over into a journal without any. */
  void fill(Connection backup) throws SQLException, OutOfSequence {
    long rows = TableCopy.rows(connection);
    if (rows > 0) {
      throw new OutOfSequence("a restore into " + rows + " rows that are there already");
    }
    TableCopy.copy(backup, connection);
    readLastRecordedRef();
    queries.readLastPosition();
    queries.fillIfMissing();
  }

  /** Where a sector stands before the write; sequence 0 if it is unknown. */
  private record Standing(long sequence, String state) {}

  /**
   * Applies all entries or, if one is out of sequence, none.
   *
   * @param extracts what queries read of each
   */
  void append(List<Entry> entries, List<Extract> extracts) throws SQLException, OutOfSequence {
    Map<SectorId, Standing> standings = new HashMap<>();
    List<Standing> before = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      Standing standing = standings.get(entry.sector());
      if (standing == null) {
        standing = standing(entry.sector());
        refuseDamaged(entry.sector(), standing);
      }
      if (entry.sequence() != standing.sequence() + 1) {
        throw new OutOfSequence(
            "entry "
                + entry.sequence()
                + " ("
                + entry.kind()
                + ") of sector "
                + entry.sector()
                + " does not follow the recorded "
                + standing.sequence());
      }
      before.add(standing);
      standings.put(entry.sector(), new Standing(entry.sequence(), entry.after().state()));
    }
    for (int i = 0; i < entries.size(); i++) {
      apply(entries.get(i), before.get(i));
      queries.order(entries.get(i).sector(), entries.get(i).sequence());
      queries.write(entries.get(i).sector(), extracts.get(i));
    }
  }

  /** Makes what queries read, if the journal is of a version that had none. */
  void fillQueryTables() throws SQLException {
    queries.fillIfMissing();
  }

  void setTimer(SectorId sector, Optional<Timer> timer) throws SQLException, OutOfSequence {
    if (standing(sector).sequence() == 0) {
      throw new OutOfSequence("a timer for sector " + sector + ", which is not recorded");
    }
    writeTimer(sector, timer);
  }

  /** Replaces the row, whatever is in it, by what was made again from the entries. */
  void repair(Snapshot sector) throws SQLException, OutOfSequence {
    long last = lastEvent(sector.sector());
    if (last == 0 || sector.sequence() != last) {
      throw new OutOfSequence(
          "a repair of sector "
              + sector.sector()
              + " as of entry "
              + sector.sequence()
              + ", while the last one is "
              + last);
    }
    setSector(deleteSector, 1, sector.sector());
    deleteSector.executeUpdate();
    insertSector(sector);
    deleteCounts.setLong(1, sector.sector().miner().value());
    deleteCounts.executeUpdate();
    recount.setLong(1, sector.sector().miner().value());
    recount.executeUpdate();
    writeTimer(sector.sector(), sector.timer());
    writeRefs(sector.sector(), sector.refs());
    queries.write(sector.sector(), SectorView.of(sector, Instant.EPOCH));
  }

  boolean allocateNumber(SectorId sector) throws SQLException {
    setSector(insertNumber, 1, sector);
    return insertNumber.executeUpdate() == 1;
  }

  void putValue(String name, Optional<byte[]> value) throws SQLException {
    if (value.isPresent()) {
      upsertValue.setString(1, name);
      upsertValue.setBytes(2, value.get());
      upsertValue.executeUpdate();
    } else {
      deleteValue.setString(1, name);
      deleteValue.executeUpdate();
    }
  }

  private Standing standing(SectorId sector) throws SQLException {
    setSector(selectSector, 1, sector);
    try (ResultSet rows = selectSector.executeQuery()) {
      return rows.next() ? new Standing(rows.getLong(1), rows.getString(2)) : new Standing(0, "");
    }
  }

  private long lastEvent(SectorId sector) throws SQLException {
    setSector(selectLastEvent, 1, sector);
    try (ResultSet rows = selectLastEvent.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** A damaged row must not get as far as a violated key, which would end the whole journal. */
  private void refuseDamaged(SectorId sector, Standing standing)
      throws SQLException, OutOfSequence {
    long last = lastEvent(sector);
    if (last != standing.sequence()) {
      throw new OutOfSequence(
          "the row of sector "
              + sector
              + " is as of entry "
              + standing.sequence()
              + ", while its last entry is "
              + last);
    }
  }

  private void apply(Entry entry, Standing before) throws SQLException {
    SectorId sector = entry.sector();
    Snapshot after = entry.after();
    writeEvent(entry);
    writeSector(after);
    if (before.sequence() == 0) {
      count(addToCount, sector, after.state());
    } else if (!before.state().equals(text(after.state()))) {
      count(addToCount, sector, after.state());
      count(takeFromCount, sector, before.state());
      count(deleteZeroCount, sector, before.state());
    }
    writeTimer(sector, after.timer());
    writeRefs(sector, after.refs());
  }

  private void writeEvent(Entry entry) throws SQLException {
    setSector(insertEvent, 1, entry.sector());
    insertEvent.setLong(3, entry.sequence());
    setInstant(insertEvent, 4, entry.at());
    insertEvent.setString(6, text(entry.kind()));
    insertEvent.setString(7, text(entry.trace()));
    insertEvent.setString(8, text(entry.message()));
    insertEvent.setBytes(9, entry.payload());
    insertEvent.setString(10, text(entry.after().state()));
    insertEvent.executeUpdate();
  }

  /** Compares and sets: the row must still be the one before. */
  private void writeSector(Snapshot after) throws SQLException {
    if (after.sequence() == 1) {
      insertSector(after);
      return;
    }
    setRow(updateSector, after);
    updateSector.setLong(6, after.sequence() - 1);
    if (updateSector.executeUpdate() != 1) {
      throw new SQLException(
          "sector " + after.sector() + " was no longer at sequence " + (after.sequence() - 1));
    }
  }

  private void insertSector(Snapshot row) throws SQLException {
    setRow(insertSector, row);
    insertSector.executeUpdate();
  }

  private static void setRow(PreparedStatement statement, Snapshot row) throws SQLException {
    statement.setLong(1, row.sequence());
    statement.setString(2, text(row.state()));
    statement.setBytes(3, row.record());
    setSector(statement, 4, row.sector());
  }

  private static void count(PreparedStatement statement, SectorId sector, String state)
      throws SQLException {
    statement.setLong(1, sector.miner().value());
    statement.setString(2, text(state));
    statement.executeUpdate();
  }

  private void writeTimer(SectorId sector, Optional<Timer> timer) throws SQLException {
    if (timer.isEmpty()) {
      setSector(deleteTimer, 1, sector);
      deleteTimer.executeUpdate();
      return;
    }
    Timer set = timer.get();
    setSector(upsertTimer, 1, sector);
    setInstant(upsertTimer, 3, set.at());
    if (set.epoch().isPresent()) {
      upsertTimer.setLong(5, set.epoch().get().value());
    } else {
      upsertTimer.setNull(5, Types.BIGINT);
    }
    upsertTimer.setString(6, text(set.reason()));
    upsertTimer.executeUpdate();
  }

  /** Leaves rows that stay alone, so that they keep their place in the order of recording. */
  private void writeRefs(SectorId sector, List<DealRef> refs) throws SQLException {
    setSector(selectRefs, 1, sector);
    Set<DealRef> before = new LinkedHashSet<>();
    try (ResultSet rows = selectRefs.executeQuery()) {
      while (rows.next()) {
        before.add(JournalReads.ref(rows));
      }
    }
    Set<DealRef> after = new LinkedHashSet<>(refs);
    for (DealRef ref : before) {
      if (!after.contains(ref)) {
        setSector(deleteRef, 1, sector);
        deleteRef.setLong(3, ref.deal().value());
        deleteRef.setLong(4, ref.offsetPaddedBytes());
        deleteRef.executeUpdate();
      }
    }
    for (DealRef ref : after) {
      if (!before.contains(ref)) {
        setSector(insertRef, 1, sector);
        insertRef.setLong(3, ref.deal().value());
        insertRef.setLong(4, ref.offsetPaddedBytes());
        insertRef.setLong(5, ref.sizeUnpaddedBytes());
        insertRef.setLong(6, ++lastRecordedRef);
        insertRef.executeUpdate();
      }
    }
  }

  /** A text that every engine takes. */
  static String text(String any) {
    return any.replace('\0', '\u2400');
  }

  static void setSector(PreparedStatement statement, int at, SectorId sector) throws SQLException {
    statement.setLong(at, sector.miner().value());
    statement.setLong(at + 1, sector.number().value());
  }

  static void setInstant(PreparedStatement statement, int at, Instant instant) throws SQLException {
    statement.setLong(at, instant.getEpochSecond());
    statement.setInt(at + 1, instant.getNano());
  }
}
