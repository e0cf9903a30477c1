package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorEvent.SectorReceive;
import io.selkie.pipeline.SectorEvent.SectorStart;
import io.selkie.pipeline.SectorEvent.SectorStartCC;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.SectorJournal.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes sectors again from their entries, which are the truth, by the same pure function that made
 * them; compares them with their rows, and puts damaged rows right.
 */
public final class JournalReplay {

  /** What the entries of a sector yield. */
  public sealed interface Result {

    /**
     * The sector.
     *
     * @param sequence its last entry's
     */
    record Made(SectorRecord sector, long sequence) implements Result {}

    /**
     * Not the sector.
     *
     * @param upTo the sector before the entry that does not fit, if there was any
     * @param sequence that entry's
     * @param reason why it does not fit
     */
    record Broken(Optional<SectorRecord> upTo, long sequence, String reason) implements Result {}
  }

  /** How a sector's row and its entries stand to each other. */
  public sealed interface Finding {

    /** The entries yield the row. */
    record Same(SectorRecord sector) implements Finding {}

    /** Both can be read, and are not the same. */
    record Different(SectorRecord stored, SectorRecord replayed) implements Finding {}

    /** The row can be read, the entries do not yield a sector. */
    record Unknown(SectorRecord stored, Result.Broken replay) implements Finding {}

    /**
     * The row cannot be read.
     *
     * @param state the state that the row names
     * @param reason what is wrong with it
     * @param replay what the entries yield
     */
    record Undecodable(SectorId sector, String state, String reason, Result replay)
        implements Finding {}
  }

  private JournalReplay() {}

  /** Makes a sector again from its entries. */
  public static Result replay(SectorJournal journal, SectorId sector) throws IOException {
    Replay replay = new Replay(sector);
    List<Recorded> page = journal.entries(sector, 0);
    while (!page.isEmpty()) {
      page.forEach(replay::take);
      page = journal.entries(sector, page.getLast().sequence());
    }
    return replay.result();
  }

  /** As {@link #replay(SectorJournal, SectorId)}, of entries that are at hand. */
  static Result replay(SectorId sector, List<Recorded> entries) {
    Replay replay = new Replay(sector);
    entries.forEach(replay::take);
    return replay.result();
  }

  /** Compares a row with what the sector's entries yield. */
  public static Finding examine(SectorJournal journal, Snapshot row) throws IOException {
    Result replay = replay(journal, row.sector());
    SectorRecord stored;
    try {
      stored = RecordCodec.decode(row);
    } catch (UndecodableRecord e) {
      return new Finding.Undecodable(row.sector(), row.state(), e.reason(), replay);
    }
    return switch (replay) {
      case Result.Broken broken -> new Finding.Unknown(stored, broken);
      case Result.Made made -> {
        if (made.sequence() != row.sequence()) {
          yield new Finding.Undecodable(
              row.sector(),
              row.state(),
              RecordCodec.staleRow(row, made.sequence()).reason(),
              replay);
        }
        yield made.sector().equals(stored)
            ? new Finding.Same(stored)
            : new Finding.Different(stored, made.sector());
      }
    };
  }

  /** The miner's sectors whose rows cannot be read; reads every row, and entries only of those. */
  public static List<Finding.Undecodable> undecodable(SectorJournal journal, ActorId miner)
      throws IOException {
    List<Snapshot> rows = new ArrayList<>();
    journal.forEach(row -> {
      if (row.sector().miner().equals(miner)) {
        try {
          RecordCodec.decode(row);
        } catch (UndecodableRecord _) {
          // Looked at below, with the reason: here the journal is being walked through.
          rows.add(row);
        }
      }
    });
    List<Finding.Undecodable> found = new ArrayList<>();
    for (Snapshot row : rows) {
      if (examine(journal, row) instanceof Finding.Undecodable undecodable) {
        found.add(undecodable);
      }
    }
    return List.copyOf(found);
  }

  /**
   * Puts what the entries yield in the place of the sector's row. The pipeline must not have it in
   * memory, which it has not if it could not read it.
   *
   * @throws UndecodableRecord if the entries do not yield the sector; nothing was changed
   */
  public static SectorRecord repair(SectorJournal journal, SectorId sector)
      throws IOException, UndecodableRecord {
    return switch (replay(journal, sector)) {
      case Result.Broken broken ->
          throw new UndecodableRecord(
              sector, "entry " + broken.sequence() + ": " + broken.reason());
      case Result.Made made -> {
        SectorRecord record = made.sector();
        journal.repair(
            new Snapshot(
                sector,
                made.sequence(),
                record.state(),
                RecordCodec.encode(record),
                journal.load(sector).flatMap(Snapshot::timer),
                record.dealRefs()));
        yield record;
      }
    };
  }

  /**
   * What is shown of a sector whose row cannot be read: as much as its entries yield, in the state
   * of its row, with the reason.
   *
   * @throws IOException if they yield nothing
   */
  static SectorRecord standIn(SectorJournal journal, Snapshot row, UndecodableRecord trouble)
      throws IOException {
    return switch (replay(journal, row.sector())) {
      case Result.Made made ->
          standIn(made.sector(), row, trouble.getMessage() + "; shown is what its entries yield");
      case Result.Broken broken -> {
        String why =
            "entry " + broken.sequence() + " of its log cannot be applied: " + broken.reason();
        if (broken.upTo().isEmpty()) {
          throw new IOException(trouble.getMessage() + "; " + why, trouble);
        }
        yield standIn(
            broken.upTo().get(),
            row,
            trouble.getMessage() + "; shown is what it was before, for " + why);
      }
    };
  }

  private static SectorRecord standIn(SectorRecord record, Snapshot row, String reason) {
    return record.withState(row.state(), record.enteredAtMs()).withLastError(reason);
  }

  /** One pass over a sector's entries. */
  private static final class Replay {

    private final SectorId sector;
    private Optional<SectorRecord> record = Optional.empty();
    private Optional<Result.Broken> broken = Optional.empty();
    private long sequence;

    Replay(SectorId sector) {
      this.sector = sector;
    }

    void take(Recorded entry) {
      if (broken.isPresent() && !restarts(entry)) {
        return;
      }
      try {
        if (broken.isEmpty() && entry.sequence() != sequence + 1) {
          throw new IllegalArgumentException("the entry after " + sequence + " is missing");
        }
        Optional<SectorRecord> next = next(entry);
        String state = next.map(SectorRecord::state).orElse("");
        if (!state.equals(entry.state())) {
          throw new IllegalArgumentException(
              entry.kind() + " leads to '" + state + "', recorded is '" + entry.state() + "'");
        }
        record = next;
        sequence = entry.sequence();
        broken = Optional.empty();
      } catch (RuntimeException e) {
        // Whatever bytes a bad disk made of an entry: it is one sector's trouble.
        broken = Optional.of(new Result.Broken(record, entry.sequence(), e.toString()));
      }
    }

    /** Whether the entry holds the whole sector, so that nothing before it matters. */
    private static boolean restarts(Recorded entry) {
      try {
        return RecordCodec.decodePayload(entry.payload()) instanceof RecordCodec.Payload.Rebuilt;
      } catch (RuntimeException _) { // whatever it is, it is no whole sector
        return false;
      }
    }

    private Optional<SectorRecord> next(Recorded entry) {
      // An entry without a payload is a further line of the log about the one before it.
      return entry.payload().length == 0
          ? record
          : Optional.of(
              switch (RecordCodec.decodePayload(entry.payload())) {
                case RecordCodec.Payload.Happened(SectorEvent event) ->
                    SectorFsm.next(before(event), event, entry.at()).record();
                case RecordCodec.Payload.Stopped(String reason) -> begun().withLastError(reason);
                case RecordCodec.Payload.Rebuilt(SectorRecord rebuilt) -> rebuilt;
              });
    }

    private SectorRecord before(SectorEvent event) {
      return record.orElseGet(() ->
          switch (event) {
            case SectorStart start -> SectorRecord.fresh(sector, start.sectorType());
            case SectorStartCC start -> SectorRecord.fresh(sector, start.sectorType());
            case SectorReceive start -> SectorRecord.fresh(sector, start.received().sealProof());
            default -> begun();
          });
    }

    private SectorRecord begun() {
      return record.orElseThrow(
          () -> new IllegalArgumentException("it does not begin with the start of a sector"));
    }

    Result result() {
      if (broken.isPresent()) {
        return broken.get();
      }
      if (record.isEmpty()) {
        return new Result.Broken(Optional.empty(), sequence, "there are no entries");
      }
      return new Result.Made(record.get(), sequence);
    }
  }
}
