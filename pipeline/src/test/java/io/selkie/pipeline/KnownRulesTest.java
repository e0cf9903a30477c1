package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What sector-states.json says beside its rows (see {@link TransitionTableTest}): counters, global
 * events, events that are ignored, and what each planner does with an event it does not know. Where
 * Selkie mends the reference, the test says what and why.
 */
final class KnownRulesTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_000);

  private static JsonNode known;

  @BeforeAll
  static void readTable() throws IOException {
    try (InputStream in = KnownRulesTest.class.getResourceAsStream("/sector-states.json")) {
      known =
          WireJson.parse(
              new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void counters_afterEachEvent_areTheKnownOnes() {
    int checked = 0;
    for (String counter : List.of("PreCommit1Fails", "PreCommit2Fails", "InvalidProofs")) {
      JsonNode effects = known.get("counters").get(counter);
      for (Class<? extends SectorEvent> type : referenceEvents()) {
        SectorRecord before = SampleSectors.full("Proving");
        before = before.withFailures(before.failures().withCounts(3, 5, 7));
        SectorRecord after = Mutations.apply(before, SampleSectors.event(type), NOW);
        JsonNode effect = effects.get(type.getSimpleName());
        long old = count(before, counter);
        long expected =
            effect == null ? old : effect.asString().equals("0") ? 0 : Math.addExact(old, 1);
        if (type != SectorEvent.SectorReceive.class) {
          assertThat(count(after, counter))
              .as("%s after %s", counter, type.getSimpleName())
              .isEqualTo(expected);
        }
        checked += effect == null ? 0 : 1;
      }
      assertThat(effects.size()).as("effects on %s", counter).isPositive();
    }
    assertThat(checked).isEqualTo(8);
  }

  @Test
  void globalEvents_inEveryStateButRemoved_goWhereTheyAreKnownTo() {
    for (JsonNode global : known.get("globalEvents")) {
      String name = global.get("event").asString();
      SectorEvent event = SampleSectors.event(event(name));
      for (SectorState state : SectorState.values()) {
        SectorFsm.Step step = SectorFsm.next(SampleSectors.full(state.wireName()), event, NOW);
        if (state == SectorState.Removed) {
          // Its machine has ended in the reference: everything is dropped.
          assertThat(step.record().state()).isEqualTo("Removed");
          continue;
        }
        String to =
            switch (global.get("to").isNull() ? "" : global.get("to").asString()) {
              case "" -> state.wireName();
              case "$State" -> ((SectorEvent.SectorForceState) event).state();
              case String fixed -> fixed;
            };
        assertThat(step.record().state()).as("%s in %s", name, state).isEqualTo(to);
        assertThat(step.log().isEmpty())
            .as("%s in %s is logged", name, state)
            .isEqualTo(!global.get("logged").asBoolean());
      }
    }
  }

  @Test
  void ignorableEvents_whereNoRowTakesThem_areLoggedOnceAndNoError() {
    for (JsonNode ignorable : known.get("ignorableEvents")) {
      Class<? extends SectorEvent> type = event(ignorable.asString());
      for (SectorState state : SectorState.values()) {
        boolean one = state.planner() == SectorState.Planner.ONE;
        if (one && TransitionTable.find(state, type).isEmpty()) {
          SectorFsm.Step step =
              SectorFsm.next(SampleSectors.full(state.wireName()), SampleSectors.event(type), NOW);
          assertThat(step.verdict()).as(state.name()).isEqualTo(SectorFsm.Verdict.IGNORED);
          assertThat(step.log()).as(state.name()).hasSize(1);
        }
      }
    }
  }

  /**
   * Mended: the reference's planners of Committing and of the final states leave an event that they
   * do not know in the queue, plan it again at once and never end (fsm.go, processEvents). Here
   * every planner consumes it, with one line for the event and one for the refusal.
   */
  @Test
  void unknownEvents_inEveryState_areConsumedOnce() {
    List<String> spinInTheReference = new ArrayList<>();
    for (JsonNode state : known.get("states")) {
      String planner = state.get("planner").asString();
      if (planner.equals("final") || planner.equals("committing")) {
        spinInTheReference.add(state.get("name").asString());
      }
    }
    assertThat(spinInTheReference)
        .containsExactlyInAnyOrder(
            "Committing", "FailedUnrecoverable", "FaultReported", "FaultedFinal");
    SectorEvent stray = SampleSectors.event(SectorEvent.SectorPreCommitted.class);
    for (String name : spinInTheReference) {
      SectorFsm.Step step = SectorFsm.next(SampleSectors.full(name), stray, NOW);
      assertThat(step.verdict()).as(name).isEqualTo(SectorFsm.Verdict.REFUSED);
      assertThat(step.record().state()).isEqualTo(name);
      assertThat(step.log()).as(name).hasSize(2);
    }
  }

  private static long count(SectorRecord sector, String counter) {
    return switch (counter) {
      case "PreCommit1Fails" -> sector.failures().preCommit1();
      case "PreCommit2Fails" -> sector.failures().preCommit2();
      default -> sector.failures().invalidProofs();
    };
  }

  private static List<Class<? extends SectorEvent>> referenceEvents() {
    return RecordCodec.eventTypes().stream()
        .<Class<? extends SectorEvent>>map(type -> type)
        .filter(type -> !SectorEvent.Own.class.isAssignableFrom(type))
        .toList();
  }

  private static Class<? extends SectorEvent> event(String name) {
    return referenceEvents().stream()
        .filter(type -> type.getSimpleName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
