package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorFsm.Step;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes to sectors that no pipeline holds: the same decisions and the same entries, without
 * handlers. The next start of the pipeline goes on from there.
 */
public final class JournalRepair {

  private final SectorJournal journal;

  /** Repairs of this journal, which nobody else writes meanwhile. */
  public JournalRepair(SectorJournal journal) {
    this.journal = journal;
  }

  /** Sets a sector's record to one that recovery made, whatever was recorded before. */
  public void rebuild(SectorRecord rebuilt, String why, Instant now) throws IOException {
    SectorId sector = rebuilt.sector();
    Optional<Snapshot> before = journal.load(sector);
    SectorRecord base =
        before
            .flatMap(JournalRepair::decoded)
            .orElseGet(() -> SectorRecord.fresh(sector, rebuilt.sealProof()));
    submit(base, lastEntry(sector, before), new SectorRebuilt(why, rebuilt), now);
  }

  /**
   * Forces a sector's state.
   *
   * @throws IllegalArgumentException if it has no record that can be read
   */
  public void forceState(SectorId sector, String state, Instant now) throws IOException {
    Optional<Snapshot> before = journal.load(sector);
    SectorRecord record =
        before
            .flatMap(JournalRepair::decoded)
            .orElseThrow(
                () -> new IllegalArgumentException(sector + " has no record that can be read"));
    submit(record, lastEntry(sector, before), new SectorForceState(state), now);
  }

  private static Optional<SectorRecord> decoded(Snapshot snapshot) {
    try {
      return Optional.of(RecordCodec.decode(snapshot));
    } catch (UndecodableRecord _) { // a new record is put in its place
      return Optional.empty();
    }
  }

  /** The sequence of the sector's last entry, which a damaged row may not have. */
  private long lastEntry(SectorId sector, Optional<Snapshot> row) throws IOException {
    long last = row.map(Snapshot::sequence).orElse(0L);
    List<Recorded> page = journal.entries(sector, last);
    while (!page.isEmpty()) {
      last = page.getLast().sequence();
      page = journal.entries(sector, last);
    }
    return last;
  }

  private void submit(SectorRecord record, long sequence, SectorEvent event, Instant now)
      throws IOException {
    Step step = SectorFsm.next(record, event, now);
    journal.append(entries(step, sequence, payload(step, event), now, Optional.empty()));
  }

  /** What an entry carries for replay: the event, or the whole record if it replaced one. */
  static byte[] payload(Step step, SectorEvent event) {
    return event instanceof SectorRebuilt
        ? RecordCodec.encode(step.record())
        : RecordCodec.encodeEvent(event);
  }

  /** What a step is recorded as: its first line carries the event. */
  static List<Entry> entries(
      Step step, long sequence, byte[] payload, Instant now, Optional<Timer> timer) {
    SectorRecord after = step.record();
    byte[] encoded = RecordCodec.encode(after);
    List<Entry> entries = new ArrayList<>();
    for (LogLine line : step.log()) {
      long next = sequence + entries.size() + 1;
      entries.add(
          new Entry(
              after.sector(),
              next,
              now,
              line.kind(),
              line.message(),
              line.trace(),
              entries.isEmpty() ? payload : new byte[0],
              new Snapshot(after.sector(), next, after.state(), encoded, timer, after.dealRefs())));
    }
    return entries;
  }

  /** The new record as it stands, its reason for standing still included, in a stay of its own. */
  static SectorRecord successor(SectorRecord before, SectorRecord rebuilt, Instant now) {
    SectorDraft draft = new SectorDraft(rebuilt);
    draft.enteredAtMs = now.toEpochMilli();
    draft.moves = before.moves() + 1;
    return draft.done();
  }
}
