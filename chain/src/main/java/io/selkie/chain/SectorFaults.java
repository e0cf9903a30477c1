package io.selkie.chain;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.pipeline.ChainNode.SectorPlace;
import java.sql.SQLException;
import java.util.Optional;

/** What the rows of sectors say of faults. Valid within one {@link ChainDatabase.Work}. */
final class SectorFaults {

  private final Sql sql;

  SectorFaults(Sql sql) {
    this.sql = sql;
  }

  /**
   * A sector that was proven once.
   *
   * @param onTime when it ends if nothing happens
   * @param live whether it has not ended
   * @param faulty whether it is not counted for power
   * @param recovering when it will be active again; 0 if that was not declared
   */
  record Row(
      SectorNumber number,
      SectorPlace place,
      long onTime,
      boolean live,
      boolean faulty,
      long recovering) {

    boolean isIn(Declaration where) {
      return place.deadline() == where.deadline() && place.partition() == where.partition();
    }
  }

  /** The sector, ended or not. */
  Optional<Row> find(ActorId miner, SectorNumber number) throws SQLException {
    return sql.first(
        "SELECT * FROM sector WHERE miner = ? AND number = ?",
        row ->
            new Row(
                number,
                new SectorPlace(row.getLong("deadline"), row.getLong("partition")),
                row.getLong("on_time"),
                row.getObject("ended") == null,
                row.getObject("faulty_since") != null,
                row.getLong("recovering")),
        miner.value(),
        number.value());
  }

  /** Whether a sector was ever assigned to it. */
  boolean hasPartition(ActorId miner, Declaration where) throws SQLException {
    return sql.first(
            "SELECT 1 FROM sector WHERE miner = ? AND deadline = ? AND partition = ? LIMIT 1",
            row -> row.getLong(1),
            miner.value(),
            where.deadline(),
            where.partition())
        .isPresent();
  }

  /**
   * Marks a sector faulty.
   *
   * @param early when the fault ends it; 0 if it ends before that anyway
   */
  void putFault(ActorId miner, SectorNumber number, long since, long early) throws SQLException {
    sql.updateOne(
        "UPDATE sector SET faulty_since = ?, early = ? WHERE miner = ? AND number = ?",
        since,
        early,
        miner.value(),
        number.value());
  }

  /** Says when a faulty sector will be active again; 0 takes that back. */
  void putRecovering(ActorId miner, SectorNumber number, long epoch) throws SQLException {
    sql.updateOne(
        "UPDATE sector SET recovering = ? WHERE miner = ? AND number = ?",
        epoch,
        miner.value(),
        number.value());
  }

  /** Makes every sector active again whose window is over. */
  void recover(long epoch) throws SQLException {
    sql.update(
        """
        UPDATE sector SET faulty_since = NULL, early = 0, recovering = 0
          WHERE recovering > 0 AND recovering <= ? AND ended IS NULL
        """,
        epoch);
  }
}
