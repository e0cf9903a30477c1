package io.selkie.pipeline;

import io.selkie.pipeline.SectorEvent.Failure;
import io.selkie.pipeline.TransitionTable.Always;
import io.selkie.pipeline.TransitionTable.Mode;
import io.selkie.pipeline.TransitionTable.Row;
import java.util.List;
import java.util.Optional;

/**
 * Where a sector can go from its state, as the transition table has it.
 *
 * @param meaning what a sector does in such a state
 * @param next where the state's own events lead, in the table's order
 * @param always where those events lead that every state accepts
 */
public record SectorOutlook(String meaning, List<Next> next, List<Next> always) {

  /**
   * An event, and what it leads to.
   *
   * @param event its name on the wire
   * @param words the same as words
   * @param failure whether it says that something went wrong
   * @param state the state it leads to; empty if the event names it, or if it is not recorded
   * @param meaning what a sector does there; empty if that is not known
   * @param condition when, or how, it leads there; empty if without condition
   */
  public record Next(
      String event,
      String words,
      boolean failure,
      String state,
      String meaning,
      String condition) {}

  /** Keeps unmodifiable copies. */
  public SectorOutlook {
    next = List.copyOf(next);
    always = List.copyOf(always);
  }

  /** The outlook of a sector as it is. */
  public static SectorOutlook of(SectorRecord sector) {
    Optional<SectorState> state = sector.knownState();
    return new SectorOutlook(
        meaning(sector.state()),
        TransitionTable.rows().stream()
            .filter(row -> state.filter(row.from()::equals).isPresent())
            .map(row -> next(row, sector))
            .toList(),
        TransitionTable.always().stream()
            .filter(each ->
                state.filter(SectorState.Removed::equals).isEmpty()
                    || each.event() == SectorEvent.SectorRebuilt.class)
            .map(each -> next(each, sector))
            .toList());
  }

  private static String meaning(String state) {
    return SectorState.ofWireName(state)
        .map(known -> known.kind().words())
        .orElse("a name that no handler knows");
  }

  private static Next next(Row row, SectorRecord sector) {
    String to =
        switch (row.mode()) {
          case GO_BACK -> sector.returnState();
          case GO, GO_UNCHANGED, GO_IF_SEED_CHANGED, NOTE ->
              SectorFsm.shown(row.to().orElse(row.from()).wireName());
        };
    String condition =
        switch (row.mode()) {
          case GO, GO_UNCHANGED -> "";
          case NOTE -> "what it does goes on undisturbed";
          case GO_BACK ->
              to.isEmpty() ? "where it came from, which is not recorded" : "where it came from";
          case GO_IF_SEED_CHANGED -> "if the seed is another one";
        };
    return next(row.event(), to, condition, row.mode() == Mode.GO_BACK && to.isEmpty());
  }

  private static Next next(Always always, SectorRecord sector) {
    return switch (always.reach()) {
      case ONE_STATE ->
          next(always.event(), always.to().orElseThrow().wireName(), "", /* open= */ false);
      case NAMED_STATE -> next(always.event(), "", "the state that is named", /* open= */ true);
      case SAME_STATE ->
          next(always.event(), sector.state(), "the handler runs again", /* open= */ false);
    };
  }

  private static Next next(
      Class<? extends SectorEvent> event, String to, String condition, boolean open) {
    String name = event.getSimpleName();
    return new Next(
        name,
        EventWords.of(name),
        Failure.class.isAssignableFrom(event),
        to,
        open ? "" : meaning(to),
        condition);
  }
}
