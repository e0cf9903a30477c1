package io.selkie.pipeline;

import io.selkie.pipeline.SectorEvent.Failure;
import io.selkie.pipeline.SectorEvent.Global;
import io.selkie.pipeline.SectorEvent.SectorFatalError;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorRestart;
import io.selkie.pipeline.SectorEvent.SectorSeedReady;
import io.selkie.pipeline.SectorEvent.SectorStartPacking;
import io.selkie.pipeline.SectorEvent.SectorTerminate;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.TransitionTable.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what an event does to a sector: a pure function of the record, the event and the time,
 * which never throws. An event is always consumed; one that does not fit leaves a line in the log.
 */
public final class SectorFsm {

  /** What became of an event. */
  public enum Verdict {
    /** The sector is in a state that its handler must act for, be it the same one. */
    MOVED,
    /** Taken note of; whatever the sector does goes on undisturbed. */
    NOTED,
    /** The record did not change; the state's handler runs once more. */
    RERUN,
    /** Nothing happened, and that is fine. */
    IGNORED,
    /** It did not fit, and the log says so. */
    REFUSED
  }

  /**
   * What an event does.
   *
   * @param record the sector afterwards
   * @param log lines for the sector's log, in order; empty only if nothing is to be recorded
   * @param verdict what became of the event
   */
  public record Step(SectorRecord record, List<LogLine> log, Verdict verdict) {}

  private SectorFsm() {}

  /** Decides; {@code now} becomes the time of the log lines and of the new state. */
  public static Step next(SectorRecord record, SectorEvent event, Instant now) {
    Optional<SectorState> state = record.knownState();
    if (event instanceof SectorRebuilt rebuilt) {
      return rebuilt(record, rebuilt, now);
    }
    if (state.filter(SectorState.Removed::equals).isPresent()) {
      return new Step(record, List.of(), Verdict.IGNORED);
    }
    if (event instanceof SectorRestart) {
      return new Step(record, List.of(), Verdict.RERUN);
    }
    List<LogLine> log = new ArrayList<>();
    log.add(SectorLog.ofEvent(event, now));
    if (event instanceof Global global) {
      return global(record, global, now, log);
    }
    if (state.isEmpty()) {
      log.add(
          SectorLog.ofError(
              SectorLog.PLAIN_ERROR, "planner for state " + record.state() + " not found", now));
      return new Step(record, List.copyOf(log), Verdict.REFUSED);
    }
    return TransitionTable.find(state.get(), event.getClass())
        .map(row -> take(row, record, event, now, log))
        .orElseGet(() -> unlisted(state.get(), record, event, now, log));
  }

  /**
   * The sector with the reason why it stands still, and the line that says so; the same reason is
   * recorded once.
   */
  static Step stop(SectorRecord record, LogLine line, String reason) {
    if (record.lastError().equals(reason)) {
      return new Step(record, List.of(), Verdict.IGNORED);
    }
    return new Step(record.withLastError(reason), List.of(line), Verdict.NOTED);
  }

  private static Step global(SectorRecord record, Global event, Instant now, List<LogLine> log) {
    return switch (event) {
      case SectorRestart _, SectorFatalError _ -> new Step(record, List.copyOf(log), Verdict.RERUN);
      case SectorForceState forced ->
          moved(
              record.withFailures(record.failures().forgotten().withCounts(0, 0, 0)),
              forced.state(),
              now,
              log);
      case SectorTerminate _ -> moved(record, SectorState.Terminating.wireName(), now, log);
      case SectorRebuilt rebuilt -> rebuilt(record, rebuilt, now);
      case SectorRemove remove ->
          moved(
              remove.secondKey().map(record::withRemovalKey).orElse(record),
              SectorState.Removing.wireName(),
              now,
              log);
    };
  }

  private static Step rebuilt(SectorRecord record, SectorRebuilt event, Instant now) {
    SectorRecord next = JournalRepair.successor(record, event.rebuilt(), now);
    return new Step(next, List.of(SectorLog.ofEvent(event, now)), Verdict.MOVED);
  }

  private static Step take(
      Row row, SectorRecord record, SectorEvent event, Instant now, List<LogLine> log) {
    return switch (row.mode()) {
      case GO -> moved(Mutations.apply(record, event, now), target(row), now, log);
      case NOTE -> new Step(Mutations.apply(record, event, now), List.copyOf(log), Verdict.NOTED);
      case GO_UNCHANGED -> moved(record, target(row), now, log);
      case GO_BACK -> {
        if (record.returnState().isEmpty()) {
          yield refused(record, "return state not set", now, log);
        }
        SectorRecord changed = Mutations.apply(record, event, now);
        yield moved(changed.withReturnState(""), record.returnState(), now, log);
      }
      case GO_IF_SEED_CHANGED -> {
        if (event instanceof SectorSeedReady seed
            && record
                .commit()
                .seed()
                .equals(Optional.of(new Drawn(seed.seedValue(), seed.seedEpoch())))) {
          yield new Step(record, List.copyOf(log), Verdict.IGNORED);
        }
        yield moved(Mutations.apply(record, event, now), target(row), now, log);
      }
    };
  }

  private static String target(Row row) {
    return row.to().map(SectorState::wireName).orElse(row.from().wireName());
  }

  private static Step unlisted(
      SectorState state, SectorRecord record, SectorEvent event, Instant now, List<LogLine> log) {
    return switch (state.planner()) {
      case ONE_OR_IGNORE -> new Step(record, List.copyOf(log), Verdict.RERUN);
      case FINAL ->
          refused(
              record,
              "didn't expect any events in state "
                  + state.wireName()
                  + ", got "
                  + SectorLog.goText(event),
              now,
              log);
      case FINAL_REMOVED -> new Step(record, List.of(), Verdict.IGNORED);
      case ONE, COMMITTING -> {
        if (event instanceof SectorStartPacking) {
          yield new Step(record, List.copyOf(log), Verdict.IGNORED);
        }
        yield refused(
            record,
            "planner for state "
                + state.wireName()
                + " received unexpected event sealing."
                + event.wireName()
                + " ("
                + SectorLog.goText(event)
                + ")",
            now,
            log);
      }
    };
  }

  private static Step refused(SectorRecord record, String why, Instant now, List<LogLine> log) {
    log.add(
        SectorLog.ofError(
            SectorLog.WRAPPED_ERROR,
            "running planner for state " + record.state() + " failed: " + why,
            now));
    return new Step(record, List.copyOf(log), Verdict.REFUSED);
  }

  /**
   * The state a sector is seen in: the reference shows PackingFailed to nobody, it plans the sector
   * on to DealsExpired at once.
   */
  static String shown(String to) {
    return to.equals(SectorState.PackingFailed.wireName())
        ? SectorState.DealsExpired.wireName()
        : to;
  }

  private static Step moved(SectorRecord record, String to, Instant now, List<LogLine> log) {
    String target = shown(to);
    SectorRecord next = record.withState(target, now.toEpochMilli());
    Optional<SectorState> state = next.knownState();
    if (state.filter(s -> s == SectorState.Removing || s == SectorState.RemoveFailed).isEmpty()) {
      // The second key is for one removal; a sector that was brought back needs a new one.
      next = next.withoutRemovalKey();
    }
    if (state.filter(s -> countsAsFailure(s)).isPresent()) {
      next = next.withFailures(next.failures().withEntered(target));
    } else if (state
        .filter(s -> s == SectorState.Proving || s == SectorState.Available)
        .isPresent()) {
      next = next.withFailures(next.failures().forgotten());
    }
    whyNothingRuns(next)
        .ifPresent(why -> log.add(SectorLog.ofError(SectorLog.PLAIN_ERROR, why, now)));
    return new Step(next, List.copyOf(log), Verdict.MOVED);
  }

  /** Whether coming to this state counts as a failure. */
  static boolean countsAsFailure(SectorState state) {
    return state.bucket(false) == SectorState.Bucket.FAILED
        || state == SectorState.AddPieceFailed
        || state == SectorState.TerminateFailed;
  }

  /** The reference's words for states that no handler acts for. */
  static Optional<String> whyNothingRuns(SectorRecord record) {
    Optional<SectorState> state = record.knownState();
    if (state.isEmpty() || state.get() == SectorState.FaultedFinal) {
      return Optional.of("unexpected sector update state: " + record.state());
    }
    if (state.get() == SectorState.Undefined) {
      return Optional.of("sector update with undefined state");
    }
    if (state.get() == SectorState.FailedUnrecoverable) {
      return Optional.of("sector " + record.sector().number() + " failed unrecoverably");
    }
    return Optional.empty();
  }

  /** The reason an event carries, if it is a failure. */
  static String reason(SectorEvent event) {
    return event instanceof Failure failure ? failure.error() : "";
  }
}
