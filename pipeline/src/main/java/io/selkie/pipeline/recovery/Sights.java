package io.selkie.pipeline.recovery;

import io.selkie.pipeline.recovery.Finding.Seen;
import java.util.ArrayList;
import java.util.List;

/** What was seen, in words. */
final class Sights {

  private Sights() {}

  static Seen of(SectorEvidence sector) {
    return new Seen(journal(sector), disk(sector), chain(sector.chain()));
  }

  private static String journal(SectorEvidence sector) {
    return switch (sector.journal()) {
      case JournalSight.Absent _ -> sector.allocated() ? "no record, number given out" : "nothing";
      case JournalSight.Undecodable r -> "undecodable: " + r.reason();
      case JournalSight.Known r -> r.state().isEmpty() ? "no state" : r.state();
    };
  }

  private static String disk(SectorEvidence sector) {
    List<String> all = new ArrayList<>();
    for (FileSeen file : sector.files()) {
      String note =
          switch (file.condition()) {
            case IN_PLACE ->
                file.content() == FileSeen.Content.BROKEN || file.flaw().isPresent()
                    ? " (broken)"
                    : "";
            case UNFINISHED -> " (unfinished)";
            case TRASHED, TRASH_DUE -> " (trash)";
          };
      all.add(file.kind().directory() + note);
    }
    return all.isEmpty() ? "nothing" : String.join(", ", all);
  }

  private static String chain(ChainSight chain) {
    return switch (chain) {
      case ChainSight.Unreachable _ -> "not reached";
      case ChainSight.Unused _ -> "nothing";
      case ChainSight.Gone _ -> "ended";
      case ChainSight.PreCommitted _ -> "pre-committed";
      case ChainSight.Live live -> "live to " + live.expiration();
      case ChainSight.Expired expired -> "expired at " + expired.expiration();
    };
  }
}
