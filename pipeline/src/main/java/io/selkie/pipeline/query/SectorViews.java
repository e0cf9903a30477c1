package io.selkie.pipeline.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorNumber;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/** Questions about many sectors, answered without reading the records of those not asked for. */
public interface SectorViews {

  /** Most rows of one page. */
  int PAGE_LIMIT = 10_000;

  /**
   * The sectors that fit and follow a number, ascending.
   *
   * @param after -1 to begin
   * @param limit how many at most; fewer are the last ones
   */
  List<SectorView> page(ActorId miner, SectorFilter filter, long after, int limit)
      throws IOException;

  /** The market's deals in each of these sectors; those without any are missing. */
  SortedMap<SectorNumber, SortedSet<Long>> deals(ActorId miner, Collection<SectorNumber> numbers)
      throws IOException;

  /** The commitments of the pieces in each of these sectors; those without any are missing. */
  SortedMap<SectorNumber, SortedSet<String>> pieces(ActorId miner, Collection<SectorNumber> numbers)
      throws IOException;

  /** The stored records of these sectors; those that are not there are missing. */
  SortedMap<SectorNumber, byte[]> records(ActorId miner, Collection<SectorNumber> numbers)
      throws IOException;

  /** The position of the last entry that was recorded up to an instant; 0 if none was. */
  long positionAt(Instant at) throws IOException;

  /** How many sectors were in each state that occurred when that entry had been recorded. */
  SortedMap<String, Long> summaryAt(ActorId miner, long position) throws IOException;
}
