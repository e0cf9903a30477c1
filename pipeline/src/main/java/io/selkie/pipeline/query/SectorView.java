package io.selkie.pipeline.query;

import io.selkie.abi.Cid;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A sector as queries see it.
 *
 * @param number which
 * @param state its state's name
 * @param enteredAtMs since when it is there, Unix milliseconds
 * @param lastError why it stands still; empty if it does not
 * @param sealProof the number of its seal proof; -1 if its record cannot be read
 * @param pieces how many pieces it has, fillers included
 */
public record SectorView(
    SectorNumber number,
    String state,
    long enteredAtMs,
    String lastError,
    int sealProof,
    int pieces) {

  /**
   * What a journal keeps of a sector for queries.
   *
   * @param view the row
   * @param pieceCids the commitments of its pieces, each once
   */
  public record Extract(SectorView view, SortedSet<String> pieceCids) {}

  /** What is to be kept once the entry is recorded. */
  public static Extract of(Entry entry) {
    return of(entry.after(), entry.at());
  }

  /**
   * What is to be kept of a sector's row.
   *
   * @param at since when it counts as being in its state if its record cannot be read
   */
  public static Extract of(Snapshot row, Instant at) {
    return decoded(row)
        .map(record -> of(record, row.sector().number(), row.state()))
        .orElseGet(() ->
            new Extract(
                new SectorView(row.sector().number(), row.state(), milliseconds(at), "", -1, 0),
                new TreeSet<>()));
  }

  /** What is to be kept of a sector whose row is made of this record. */
  public static Extract of(SectorRecord record) {
    return of(record, record.sector().number(), record.state());
  }

  private static Extract of(SectorRecord record, SectorNumber number, String state) {
    SortedSet<String> cids = new TreeSet<>();
    for (PieceInfo piece : record.pieceInfos()) {
      cids.add(Cid.ofUnsealed(piece.commP()).toString());
    }
    return new Extract(
        new SectorView(
            number,
            state,
            record.enteredAtMs(),
            record.lastError(),
            record.sealProof().number(),
            record.pieces().size()),
        cids);
  }

  /** A damaged time is as far away as milliseconds reach. */
  private static long milliseconds(Instant at) {
    long limit = Long.MAX_VALUE / 1_000 - 1;
    return Math.clamp(at.getEpochSecond(), -limit, limit) * 1_000 + at.getNano() / 1_000_000;
  }

  private static Optional<SectorRecord> decoded(Snapshot row) {
    try {
      return Optional.of(RecordCodec.decode(row.record()));
    } catch (RuntimeException _) {
      // Whatever a bad disk made of it; the sector is found by its state, and JournalReplay tells.
      return Optional.empty();
    }
  }
}
