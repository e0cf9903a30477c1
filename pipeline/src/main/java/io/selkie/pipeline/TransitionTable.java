package io.selkie.pipeline;

import io.selkie.pipeline.SectorEvent.SectorFatalError;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorRestart;
import io.selkie.pipeline.SectorEvent.SectorTerminate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The transition table: which event leads from which state where, as data. The runtime, the drawing
 * in docs/state-machine.md and the tests all read these rows.
 *
 * <p>Source: lotus 1.36, storage/pipeline/fsm.go. Events that every state accepts are a table of
 * their own, {@link #always}.
 */
public final class TransitionTable {

  /** What a row does besides applying its event to the record. */
  public enum Mode {
    /** Goes to the row's state. */
    GO,
    /** Stays, and does not disturb the handler. */
    NOTE,
    /** Goes to the state that the record remembers. */
    GO_BACK,
    /** Goes to the row's state and leaves the record as it is: its counters do not move. */
    GO_UNCHANGED,
    /** Starts over if the seed differs from the recorded one, and ignores the event if not. */
    GO_IF_SEED_CHANGED
  }

  /**
   * One transition.
   *
   * @param from the state
   * @param event the event's type
   * @param to the state it leads to; empty for {@link Mode#GO_BACK}
   * @param mode what it does
   */
  public record Row(
      SectorState from, Class<? extends SectorEvent> event, Optional<SectorState> to, Mode mode) {}

  record Arrow(Class<? extends SectorEvent> event, Optional<SectorState> to, Mode mode) {}

  /** Where an event leads that every state accepts. */
  public enum Reach {
    /** To one state, from everywhere. */
    ONE_STATE,
    /** To the state that the event names. */
    NAMED_STATE,
    /** Nowhere: the state's handler runs once more. */
    SAME_STATE
  }

  /**
   * An event that every state but {@code Removed} accepts.
   *
   * @param event the event's type
   * @param reach where it leads
   * @param to the state, if it is one
   */
  public record Always(Class<? extends SectorEvent> event, Reach reach, Optional<SectorState> to) {}

  private static final List<Row> ROWS = build();

  private static final List<Always> ALWAYS =
      List.of(
          new Always(SectorRestart.class, Reach.SAME_STATE, Optional.empty()),
          new Always(SectorFatalError.class, Reach.SAME_STATE, Optional.empty()),
          new Always(SectorForceState.class, Reach.NAMED_STATE, Optional.empty()),
          new Always(SectorTerminate.class, Reach.ONE_STATE, Optional.of(SectorState.Terminating)),
          new Always(SectorRemove.class, Reach.ONE_STATE, Optional.of(SectorState.Removing)),
          new Always(SectorRebuilt.class, Reach.NAMED_STATE, Optional.empty()));

  private static final Map<SectorState, Map<Class<? extends SectorEvent>, Row>> BY_STATE =
      index(ROWS);

  private TransitionTable() {}

  /** All rows, in the order in which they are written down. */
  public static List<Row> rows() {
    return ROWS;
  }

  /** The events that every state accepts; {@code Removed} only the last one, recovery's. */
  public static List<Always> always() {
    return ALWAYS;
  }

  /** The row for this state and type of event, if there is one. */
  public static Optional<Row> find(SectorState from, Class<? extends SectorEvent> event) {
    return Optional.ofNullable(BY_STATE.getOrDefault(from, Map.of()).get(event));
  }

  private static List<Row> build() {
    List<Row> rows = new ArrayList<>();
    SealingTransitions.addTo(rows);
    RestingTransitions.addTo(rows);
    return List.copyOf(rows);
  }

  static void rowsOf(List<Row> rows, SectorState from, Arrow... arrows) {
    Arrays.stream(arrows).map(a -> new Row(from, a.event, a.to, a.mode)).forEach(rows::add);
  }

  static Arrow go(Class<? extends SectorEvent> event, SectorState to) {
    return new Arrow(event, Optional.of(to), Mode.GO);
  }

  static Arrow note(Class<? extends SectorEvent> event) {
    return new Arrow(event, Optional.empty(), Mode.NOTE);
  }

  static Arrow goBack(Class<? extends SectorEvent> event) {
    return new Arrow(event, Optional.empty(), Mode.GO_BACK);
  }

  static Arrow goUnchanged(Class<? extends SectorEvent> event, SectorState to) {
    return new Arrow(event, Optional.of(to), Mode.GO_UNCHANGED);
  }

  static Arrow goIfSeedChanged(Class<? extends SectorEvent> event, SectorState to) {
    return new Arrow(event, Optional.of(to), Mode.GO_IF_SEED_CHANGED);
  }

  private static Map<SectorState, Map<Class<? extends SectorEvent>, Row>> index(List<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                Row::from,
                () -> new EnumMap<>(SectorState.class),
                Collectors.toUnmodifiableMap(Row::event, Function.identity())));
  }
}
