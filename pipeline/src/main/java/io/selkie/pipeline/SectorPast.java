package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorEvent.Failure;
import io.selkie.pipeline.SectorExplanation.Came;
import io.selkie.pipeline.SectorExplanation.Tried;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.TransitionTable.Always;
import io.selkie.pipeline.TransitionTable.Mode;
import io.selkie.pipeline.TransitionTable.Reach;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a sector's entries say of how it came to its state, and of what was tried before. */
final class SectorPast {

  /** What was tried is told by state and outcome; the latest so many of these. */
  private static final int MOST_TRIED = 50;

  private static final String EVENT = "event;sealing.";

  private static final String ERROR = "state machine error: ";

  private record Key(String state, String outcome) {}

  private final Map<Key, Tried> tried = new LinkedHashMap<>();
  private Optional<Came> came = Optional.empty();
  private String before = SectorState.Undefined.wireName();

  private SectorPast() {}

  /**
   * Reads all entries of a sector that its log had.
   *
   * @param log the sector's log, a line per entry
   */
  static SectorPast of(SectorJournal journal, SectorId sector, List<LogLine> log)
      throws IOException {
    SectorPast past = new SectorPast();
    List<Recorded> page = journal.entries(sector, 0);
    while (!page.isEmpty()) {
      for (Recorded entry : page) {
        if (entry.sequence() <= log.size()) {
          past.add(entry, log.get(Math.toIntExact(entry.sequence()) - 1));
        }
      }
      page = journal.entries(sector, page.getLast().sequence());
    }
    return past;
  }

  /** How it came to where it is; empty without a single entry. */
  Optional<Came> came() {
    return came;
  }

  /** What went wrong and what was tried again, the latest last. */
  List<Tried> tried() {
    List<Tried> all = new ArrayList<>(tried.values());
    return List.copyOf(all.subList(Math.max(0, all.size() - MOST_TRIED), all.size()));
  }

  private void add(Recorded entry, LogLine line) {
    boolean event = entry.kind().startsWith(EVENT);
    String name = event ? entry.kind().substring(EVENT.length()) : entry.kind();
    String words = event ? EventWords.of(name) : "";
    String reason = event ? line.trace() : told(line.message());
    if (event && isMove(name, entry.state())) {
      came = Optional.of(new Came(before, name, words, reason, entry.at(), entry.sequence()));
    }
    if (!event || isTry(name)) {
      Key key = new Key(before, name);
      Tried earlier = tried.remove(key);
      // Put anew, and so at the end: in the order of the latest.
      tried.put(
          key,
          new Tried(
              before,
              event ? name : "",
              words,
              entry.state(),
              earlier == null ? 1 : earlier.times() + 1,
              earlier == null ? entry.at() : earlier.first(),
              entry.at(),
              reason));
    }
    before = entry.state();
  }

  private static String told(String message) {
    return message.startsWith(ERROR) ? message.substring(ERROR.length()) : message;
  }

  /** Whether the event began a new stay, be it in the same state. */
  private boolean isMove(String event, String after) {
    if (!before.equals(after)) {
      return true;
    }
    Optional<Class<? extends SectorEvent>> type = RecordCodec.eventType(event);
    boolean always =
        TransitionTable.always().stream()
            .filter(each -> each.reach() != Reach.SAME_STATE)
            .map(Always::event)
            .anyMatch(each -> type.filter(each::equals).isPresent());
    return always
        || SectorState.ofWireName(before)
            .flatMap(state -> type.flatMap(each -> TransitionTable.find(state, each)))
            .filter(row -> row.mode() != Mode.NOTE)
            .isPresent();
  }

  /** A failure, or a way out of one. */
  private boolean isTry(String event) {
    return RecordCodec.eventType(event).filter(Failure.class::isAssignableFrom).isPresent()
        || SectorState.ofWireName(before).filter(SectorFsm::countsAsFailure).isPresent();
  }
}
