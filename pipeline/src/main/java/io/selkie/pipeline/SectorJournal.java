package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The durable record of everything that happened to sectors. The entries are the truth, append-only
 * and never trimmed; snapshots, counts, the deal index and timers are read models kept in the same
 * transaction.
 *
 * <p>Thread-safe. A failed force must not be retried: implementations throw {@link IOException}
 * once and refuse every later write, and the process stops.
 */
public interface SectorJournal extends AutoCloseable {

  /**
   * One event and the state it led to.
   *
   * @param sequence 1 for a sector's first entry, then without gaps; an entry that does not follow
   *     the recorded one is refused
   * @param kind the wire log's Kind, such as {@code event;sealing.SectorStart}
   * @param message the wire log's Message
   * @param trace the wire log's Trace
   * @param payload the whole event, for replay; never cut
   * @param after the sector once the event is applied
   */
  record Entry(
      SectorId sector,
      long sequence,
      Instant at,
      String kind,
      String message,
      String trace,
      byte[] payload,
      Snapshot after) {}

  /**
   * A sector as of its last entry.
   *
   * @param state the state's wire name
   * @param record the sector's record, encoded by the pipeline
   * @param timer what wakes it next, if it waits
   * @param refs where deals lie in it; replaces what was recorded before
   */
  record Snapshot(
      SectorId sector,
      long sequence,
      String state,
      byte[] record,
      Optional<Timer> timer,
      List<DealRef> refs) {}

  /**
   * A durable timer: fires at an instant or, if {@code epoch} is present, when the chain reaches
   * it.
   */
  record Timer(Instant at, Optional<ChainEpoch> epoch, String reason) {}

  /** One deal's place in a sector. */
  record DealRef(
      DealId deal, SectorNumber sector, long offsetPaddedBytes, long sizeUnpaddedBytes) {}

  /**
   * One entry as it is recorded, without the sector it led to.
   *
   * @param payload the whole event; empty for a further line of the log about the entry before
   * @param state where the sector was afterwards
   */
  record Recorded(long sequence, Instant at, String kind, byte[] payload, String state) {}

  /** A sector and its log, oldest line first. */
  record Told(Snapshot row, List<LogLine> log) {}

  /** One line of the wire log. */
  record LogLine(String kind, long timestampS, String trace, String message) {}

  /**
   * Appends all entries in one transaction. When this returns they are on disk.
   *
   * @throws IllegalStateException if an entry does not follow its sector's recorded sequence: a bug
   * @throws IOException if it could not be written; nothing was applied
   */
  void append(List<Entry> entries) throws IOException;

  /**
   * Moves a sector's timer without an event (a waiting handler that looked and must look again).
   */
  void setTimer(SectorId sector, Optional<Timer> timer) throws IOException;

  Optional<Snapshot> load(SectorId sector) throws IOException;

  /** The sector with its whole log, both as of one commit where the engine can do that. */
  default Optional<Told> told(SectorId sector) throws IOException {
    // The log first, so that a row as of less than its last entry is a damaged one, not an older.
    List<LogLine> log = log(sector);
    return load(sector).map(row -> new Told(row, log));
  }

  /** Every sector of every miner, in order of its id; for the start-up replay. */
  void forEach(Consumer<Snapshot> each) throws IOException;

  /**
   * As {@link #forEach}, only the sectors of {@code miner} in one of {@code states}; the others are
   * not read, be they millions.
   */
  void forEachInStates(ActorId miner, Set<String> states, Consumer<Snapshot> each)
      throws IOException;

  /**
   * Numbers of all sectors whose state is not empty, bytewise by decimal text ({@code 10, 100, 9}).
   */
  List<SectorNumber> list(ActorId miner) throws IOException;

  /** As {@link #list}, only sectors in one of {@code states}. */
  List<SectorNumber> listInStates(ActorId miner, Set<String> states) throws IOException;

  /** How many sectors are in each state that occurs, by name. */
  SortedMap<String, Long> summary(ActorId miner) throws IOException;

  /** Deal places in order of recording, keyed by deal. */
  SortedMap<DealId, List<DealRef>> refs(ActorId miner) throws IOException;

  /** The sector's whole log, oldest first; empty for an unknown sector. */
  List<LogLine> log(SectorId sector) throws IOException;

  /**
   * A sector's entries that follow the given sequence, oldest first, as many as fit a page; none if
   * there are no more.
   */
  List<Recorded> entries(SectorId sector, long afterSequence) throws IOException;

  /**
   * Puts a sector that was made again from its entries in the place of its damaged row; what is
   * counted over sectors is counted again. The entries themselves stay as they are.
   *
   * @throws IllegalStateException if the snapshot is not as of the sector's last entry
   */
  void repair(Snapshot sector) throws IOException;

  /**
   * Marks the number as used for good, before anything is done with it.
   *
   * @return false if it was already marked
   */
  boolean allocateNumber(SectorId sector) throws IOException;

  /** Numbers ever allocated here, ascending. */
  List<SectorNumber> allocatedNumbers(ActorId miner) throws IOException;

  /** A small durable value, such as a reservation or a pending batch. */
  Optional<byte[]> getValue(String key) throws IOException;

  /** Sets a durable value, or removes it when {@code value} is empty. */
  void putValue(String key, Optional<byte[]> value) throws IOException;

  /** All durable values whose key starts with {@code prefix}, in key order. */
  SortedMap<String, byte[]> values(String prefix) throws IOException;

  @Override
  void close() throws IOException;
}
