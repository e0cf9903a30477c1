package io.selkie.store;

import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Builds entries; everything that a test does not name follows from sector and sequence. */
final class JournalEntries {

  static final Instant START = Instant.parse("2026-03-01T12:00:00.123456789Z");

  private JournalEntries() {}

  static Entry entry(SectorId sector, long sequence, String state) {
    return entry(sector, sequence, state, Optional.empty(), List.of());
  }

  static Entry entry(
      SectorId sector, long sequence, String state, Optional<Timer> timer, List<DealRef> refs) {
    byte[] record = (sector + " is " + state).getBytes(StandardCharsets.UTF_8);
    byte[] payload = {(byte) sequence, 0, (byte) 0xff};
    return new Entry(
        sector,
        sequence,
        START.plusSeconds(sequence),
        "event;sealing.Sector" + state,
        "{\"User\":{\"n\":" + sequence + "}}",
        "trace " + sequence,
        payload,
        new Snapshot(sector, sequence, state, record, timer, refs));
  }

  static DealRef deal(long deal, SectorId sector, long offsetPadded) {
    return new DealRef(new DealId(deal), sector.number(), offsetPadded, 127);
  }
}
