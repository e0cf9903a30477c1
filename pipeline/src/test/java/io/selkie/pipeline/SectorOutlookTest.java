package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorFsm.Step;
import io.selkie.pipeline.SectorFsm.Verdict;
import io.selkie.pipeline.SectorOutlook.Next;
import io.selkie.pipeline.TransitionTable.Reach;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an outlook says is what the state machine does, in every state and for every event. */
final class SectorOutlookTest {

  private static final Instant NOW = Instant.ofEpochSecond(10_000);

  @ParameterizedTest
  @EnumSource(SectorState.class)
  void outlook_ofEveryState_saysWhatEveryEventDoes(SectorState state) {
    SectorRecord sector = SampleSectors.full(state.wireName());
    SectorOutlook outlook = SectorOutlook.of(sector);
    Set<String> told = new HashSet<>();
    for (Class<? extends SectorEvent> type : RecordCodec.eventTypes()) {
      SectorEvent event = SampleSectors.event(type);
      Step step = SectorFsm.next(sector, event, NOW);
      Optional<Next> found = find(outlook, type);
      if (found.isEmpty()) {
        assertThat(step.record().state()).as("%s: %s", state, type).isEqualTo(state.wireName());
        assertThat(step.verdict())
            .as("%s: %s", state, type)
            .isIn(
                state.planner() == SectorState.Planner.ONE_OR_IGNORE
                    ? Set.of(Verdict.RERUN, Verdict.IGNORED, Verdict.REFUSED)
                    : Set.of(Verdict.IGNORED, Verdict.REFUSED));
        continue;
      }
      Next next = found.get();
      told.add(next.event());
      assertThat(step.verdict()).as("%s: %s", state, type).isNotEqualTo(Verdict.REFUSED);
      assertThat(step.record().state())
          .as("%s: %s", state, type)
          .isEqualTo(next.state().isEmpty() ? named(event) : next.state());
      assertThat(next.failure()).isEqualTo(event instanceof SectorEvent.Failure);
      assertThat(next.words()).as(next.event()).matches("[a-zA-Z0-9 -]+");
    }
    assertThat(told).hasSize(outlook.next().size() + outlook.always().size());
    assertThat(outlook.meaning()).isEqualTo(state.kind().words());
  }

  private static Optional<Next> find(SectorOutlook outlook, Class<? extends SectorEvent> type) {
    return Stream.concat(outlook.next().stream(), outlook.always().stream())
        .filter(next -> next.event().equals(type.getSimpleName()))
        .findFirst();
  }

  private static String named(SectorEvent event) {
    return switch (event) {
      case SectorForceState forced -> forced.state();
      case SectorRebuilt rebuilt -> rebuilt.rebuilt().state();
      default -> "";
    };
  }

  @Test
  void always_inTheTable_areAllGlobalEvents() {
    assertThat(TransitionTable.always())
        .extracting(TransitionTable.Always::event)
        .containsExactlyInAnyOrderElementsOf(
            RecordCodec.eventTypes().stream()
                .filter(SectorEvent.Global.class::isAssignableFrom)
                .toList());
    assertThat(TransitionTable.always())
        .allSatisfy(
            each -> assertThat(each.to().isPresent()).isEqualTo(each.reach() == Reach.ONE_STATE));
  }

  @Test
  void outlook_ofARecoveredSector_namesWhereItGoesBackTo() {
    SectorRecord sector = SampleSectors.full("RecoverDealIDs");
    assertThat(SectorOutlook.of(sector).next())
        .containsExactly(
            new Next(
                "SectorUpdateDealIDs",
                "update deal IDs",
                /* failure= */ false,
                "PreCommit1",
                SectorState.Kind.WORKING.words(),
                "where it came from"));
    assertThat(SectorOutlook.of(sector.withReturnState("")).next().getFirst().condition())
        .isEqualTo("where it came from, which is not recorded");
  }

  @Test
  void outlook_ofAnUnknownName_hasTheEventsOfAllStates() {
    SectorOutlook outlook = SectorOutlook.of(SampleSectors.full("Foo"));
    assertThat(outlook.meaning()).isEqualTo("a name that no handler knows");
    assertThat(outlook.next()).isEmpty();
    assertThat(outlook.always()).hasSize(TransitionTable.always().size());
  }

  @Test
  void words_ofEvents_areTheirNamesTakenApart() {
    assertThat(EventWords.of("SectorRetrySealPreCommit1")).isEqualTo("retry seal pre-commit 1");
    assertThat(EventWords.of("SectorPreCommitLanded")).isEqualTo("pre-commit landed");
    assertThat(EventWords.of("SectorStartCC")).isEqualTo("start CC");
    assertThat(EventWords.of("SectorStartCCUpdate")).isEqualTo("start CC update");
    assertThat(EventWords.of("SectorInvalidDealIDs")).isEqualTo("invalid deal IDs");
    assertThat(EventWords.of("SectorRemoteCommit2Failed")).isEqualTo("remote commit 2 failed");
  }
}
