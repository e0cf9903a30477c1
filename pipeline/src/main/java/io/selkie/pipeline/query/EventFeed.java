package io.selkie.pipeline.query;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Everything that happens to all sectors, in one order that never changes. */
public interface EventFeed {

  /**
   * An entry in the order of all.
   *
   * @param position its place, greater than those of all entries before; there may be gaps
   * @param sequence its place among the sector's own
   * @param kind the wire log's Kind
   * @param state where the sector was afterwards
   * @param message the wire log's Message
   */
  record Happened(
      long position,
      SectorId sector,
      long sequence,
      Instant at,
      String kind,
      String state,
      String message) {}

  /** At most {@code limit} entries that follow a position, in order; none if there are no more. */
  List<Happened> after(long position, int limit) throws IOException;

  /** The position of the last entry; 0 if there is none. */
  long lastPosition() throws IOException;

  /** Raised after entries were recorded. */
  AppendSignal appended();
}
