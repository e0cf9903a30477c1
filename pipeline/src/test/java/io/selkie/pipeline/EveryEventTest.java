package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.SectorEvent.Global;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorEvent.SectorReceive;
import io.selkie.pipeline.SectorEvent.SectorRestart;
import io.selkie.pipeline.SectorFsm.Step;
import io.selkie.pipeline.SectorFsm.Verdict;
import io.selkie.pipeline.SectorState.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table explored whole: every state with every event. */
final class EveryEventTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_795_376_125);

  /** Where a sector may come to its end: proven, or removed because somebody wanted it. */
  private static final Set<SectorState> ENDS =
      EnumSet.of(SectorState.Proving, SectorState.Available, SectorState.Removed);

  @ParameterizedTest
  @EnumSource
  void state_withEveryEvent_consumesItOnceAndStaysKnown(SectorState state) {
    SectorRecord before = SampleSectors.full(state.wireName());
    for (Class<? extends SectorEvent> type : RecordCodec.eventTypes()) {
      SectorEvent event = sample(type);
      Step step = SectorFsm.next(before, event, NOW);
      assertThat(step.record().knownState()).as("%s %s", state, type).isPresent();
      boolean silent = state == SectorState.Removed && !(event instanceof SectorRebuilt);
      if (silent || event instanceof SectorRestart) {
        assertThat(step.log()).as("%s %s", state, type).isEmpty();
        assertThat(step.record()).isEqualTo(before);
        continue;
      }
      assertThat(step.log().getFirst().kind())
          .as("%s %s", state, type)
          .isEqualTo("event;sealing." + event.wireName());
      assertThat(step.log()).hasSizeLessThanOrEqualTo(2);
      switch (step.verdict()) {
        case MOVED -> {
          // A received record replaces everything, the count of its stays included.
          long stays = event instanceof SectorReceive ? 0 : before.moves();
          assertThat(step.record().moves()).isEqualTo(stays + 1);
          assertThat(isListed(state, type) || event instanceof Global).isTrue();
        }
        case NOTED -> assertThat(step.record().state()).isEqualTo(before.state());
        case RERUN, IGNORED, REFUSED -> assertThat(step.record()).isEqualTo(before);
      }
      if (!isListed(state, type) && !(event instanceof Global)) {
        assertThat(step.verdict())
            .as("%s %s", state, type)
            .isIn(Verdict.RERUN, Verdict.IGNORED, Verdict.REFUSED);
      }
    }
  }

  private static SectorEvent sample(Class<? extends SectorEvent> type) {
    return type == SectorForceState.class
        ? new SectorForceState("PreCommit1")
        : SampleSectors.event(type);
  }

  private static boolean isListed(SectorState state, Class<? extends SectorEvent> type) {
    return TransitionTable.find(state, type).isPresent();
  }

  /** A state from which no row leads anywhere needs a handler that says why it stands still. */
  @ParameterizedTest
  @EnumSource
  void state_withoutAWayOut_isOneThatRestsOrSaysWhy(SectorState state) {
    boolean reachesAnEnd = reachable(state).stream().anyMatch(ENDS::contains);
    if (!reachesAnEnd) {
      if (state != SectorState.ReceiveSector) {
        assertThat(state.kind()).isIn(Kind.RESTING, Kind.FAILED, Kind.UNBUILT, Kind.WAITING);
      }
      assertThat(state)
          .isIn(
              SectorState.FailedUnrecoverable,
              SectorState.FaultReported,
              SectorState.FaultedFinal,
              SectorState.Faulty,
              // These emit SectorRemove, or stand still with a reason.
              SectorState.PackingFailed,
              SectorState.DealsExpired,
              SectorState.TerminateFailed,
              SectorState.Terminating,
              SectorState.TerminateWait,
              SectorState.TerminateFinality,
              SectorState.RemoveFailed,
              // These go back to what the record remembers.
              SectorState.ReceiveSector,
              SectorState.RecoverDealIDs);
    }
  }

  @Test
  void states_allButTheUnreachable_areReachedFromANewSector() {
    Set<SectorState> reached = reachable(SectorState.Undefined);
    assertThat(reached).contains(SectorState.Proving, SectorState.Available, SectorState.Removing);
    for (SectorState state : SectorState.values()) {
      if (state.kind() == Kind.WORKING && state != SectorState.SubmitCommit) {
        assertThat(reached).contains(state);
      }
    }
  }

  private static Set<SectorState> reachable(SectorState from) {
    Set<SectorState> seen = EnumSet.of(from);
    Deque<SectorState> next = new ArrayDeque<>(seen);
    while (!next.isEmpty()) {
      SectorState state = next.remove();
      for (TransitionTable.Row row : TransitionTable.rows()) {
        if (row.from() == state && row.to().isPresent() && seen.add(row.to().get())) {
          next.add(row.to().get());
        }
      }
    }
    return seen;
  }
}
