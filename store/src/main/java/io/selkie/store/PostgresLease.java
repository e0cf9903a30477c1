package io.selkie.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One row says who writes. Its holder counts a beat in every transaction, and in an empty one when
 * there is nothing to write; a second process that sees the beat move is refused, and one that does
 * not see it move for long enough takes the row over under the next epoch. A holder that was only
 * paused finds the epoch changed in its next transaction, which is undone then: so two never write.
 *
 * <p>Needs no clock that two machines agree on and no lock outside of the tables.
 */
final class PostgresLease implements Dialect.Fence {

  static final String TABLE = "writer";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);

  /** How often a silent holder is looked at. */
  private static final long LOOK_MS = 200;

  private record Row(long epoch, long beat, String holder) {}

  private final String journal;
  private final long epoch;
  private final Duration beatEvery;
  private final PreparedStatement beat;
  private final PreparedStatement release;

  private PostgresLease(Connection connection, String journal, long epoch, Duration beatEvery)
      throws SQLException {
    this.journal = journal;
    this.epoch = epoch;
    this.beatEvery = beatEvery;
    this.beat =
        connection.prepareStatement(
            "UPDATE writer SET beat = beat + 1 WHERE one = 1 AND epoch = ?");
    this.release =
        connection.prepareStatement("UPDATE writer SET holder = '' WHERE one = 1 AND epoch = ?");
  }

  /**
   * Takes the row.
   *
   * @throws SQLException naming the holder, if there is one that lives
   */
  static PostgresLease take(
      Connection connection, String journal, String holder, Duration patience, Duration beatEvery)
      throws SQLException {
    Row seen = row(connection);
    long deadline = System.nanoTime() + patience.toNanos();
    while (!seen.holder().isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
      Row now = row(connection);
      if (!now.holder().isEmpty() && !now.equals(seen)) {
        throw new SQLException("it is being written by " + now.holder() + "; stop that one first");
      }
      seen = now;
    }
    if (!seen.holder().isEmpty()) {
      LOG.warn("journal {}: {} is silent and loses it to {}", journal, seen.holder(), holder);
    }
    try (PreparedStatement take =
        connection.prepareStatement(
            "UPDATE writer SET epoch = epoch + 1, beat = 0, holder = ?"
                + " WHERE one = 1 AND epoch = ? AND beat = ?")) {
      take.setString(1, holder);
      take.setLong(2, seen.epoch());
      take.setLong(3, seen.beat());
      if (take.executeUpdate() != 1) {
        throw new SQLException("another process took it a moment ago: " + row(connection).holder());
      }
    }
    return new PostgresLease(connection, journal, seen.epoch() + 1, beatEvery);
  }

  private static Row row(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT epoch, beat, holder FROM writer WHERE one = 1")) {
      if (!rows.next()) {
        throw new SQLException("its table 'writer' has lost its row");
      }
      return new Row(rows.getLong(1), rows.getLong(2), rows.getString(3));
    }
  }

  @Override
  public void hold() throws SQLException {
    beat.setLong(1, epoch);
    if (beat.executeUpdate() != 1) {
      throw new SQLException(
          "another process writes journal " + journal + " now; this one was taken for dead");
    }
  }

  @Override
  public long beatMs() {
    return beatEvery.toMillis();
  }

  @Override
  public void release() throws SQLException {
    release.setLong(1, epoch);
    release.executeUpdate();
  }
}
