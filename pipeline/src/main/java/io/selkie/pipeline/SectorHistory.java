package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.Recorded;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Sectors as they were, made again from their entries. */
public final class SectorHistory {

  /**
   * A sector as it was.
   *
   * @param entries its entries until then, oldest first; at least one
   */
  public record Past(SectorRecord sector, List<Recorded> entries) {

    /** Keeps an unmodifiable copy. */
    public Past {
      entries = List.copyOf(entries);
    }

    /** The last entry until then. */
    public Recorded last() {
      return entries.getLast();
    }
  }

  private SectorHistory() {}

  /**
   * After the entry of this sequence, or the last one if it has fewer.
   *
   * @return empty if there is no entry until then
   * @throws UndecodableRecord if its entries do not yield a sector
   */
  public static Optional<Past> after(SectorJournal journal, SectorId sector, long sequence)
      throws IOException, UndecodableRecord {
    return past(journal, sector, entry -> entry.sequence() <= sequence);
  }

  /** As {@link #after}, with the last entry recorded up to a time. */
  public static Optional<Past> at(SectorJournal journal, SectorId sector, Instant time)
      throws IOException, UndecodableRecord {
    return past(journal, sector, entry -> !entry.at().isAfter(time));
  }

  private static Optional<Past> past(
      SectorJournal journal, SectorId sector, Predicate<Recorded> until)
      throws IOException, UndecodableRecord {
    List<Recorded> entries = new ArrayList<>();
    boolean over = false;
    List<Recorded> page = journal.entries(sector, 0);
    while (!page.isEmpty() && !over) {
      for (Recorded entry : page) {
        over = over || !until.test(entry);
        if (!over) {
          entries.add(entry);
        }
      }
      page = over ? List.of() : journal.entries(sector, page.getLast().sequence());
    }
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    return switch (JournalReplay.replay(sector, entries)) {
      case JournalReplay.Result.Made made -> Optional.of(new Past(made.sector(), entries));
      case JournalReplay.Result.Broken broken ->
          throw new UndecodableRecord(
              sector, "entry " + broken.sequence() + ": " + broken.reason());
    };
  }
}
