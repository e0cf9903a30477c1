package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The states, rows and mutations against sector-states.json, which was read out of lotus 1.36
 * (storage/pipeline/fsm.go, fsm_events.go, sector_state.go).
 */
final class TransitionTableTest {

  private static JsonNode known;

  @BeforeAll
  static void readTable() throws IOException {
    try (InputStream in = TransitionTableTest.class.getResourceAsStream("/sector-states.json")) {
      known =
          WireJson.parse(
              new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void states_all_equalTheKnownOnes() {
    List<String> expected = new ArrayList<>();
    for (JsonNode state : known.get("states")) {
      JsonNode colour = state.get("cliColor");
      expected.add(
          String.join(
              " ",
              "'" + state.get("name").asString() + "'",
              state.get("group").asString(),
              state.get("groupFinalizeEarly").asString(),
              state.get("order").asString(),
              colour.isNull() ? "none" : colour.asString(),
              state.get("upgradeState").asString(),
              state.get("settable").asString(),
              state.get("planner").asString()));
    }
    List<String> actual = new ArrayList<>();
    for (SectorState state : SectorState.values()) {
      actual.add(
          String.join(
              " ",
              "'" + state.wireName() + "'",
              capital(state.bucket(false).name()),
              capital(state.bucket(true).name()),
              String.valueOf(state.order()),
              state.colour().name().toLowerCase(Locale.ROOT),
              String.valueOf(state.isUpgrade()),
              String.valueOf(state.isSettable()),
              camel(state.planner().name())));
    }
    assertThat(actual).containsExactlyElementsOf(expected).hasSize(64);
  }

  @Test
  void rows_all_equalTheKnownOnes() {
    Map<String, String> modes =
        Map.of(
            "GO", "goto",
            "NOTE", "apply",
            "GO_BACK", "return",
            "GO_UNCHANGED", "continue-noapply",
            "GO_IF_SEED_CHANGED", "seedChanged");
    Set<String> expected = new TreeSet<>();
    for (JsonNode row : known.get("transitions")) {
      String mode = row.get("mode").asString();
      expected.add(
          row.get("from").asString()
              + " "
              + row.get("event").asString()
              + " "
              + row.get("to").asString()
              + " "
              + (mode.equals("continue") ? "goto" : mode));
    }
    Set<String> actual = new TreeSet<>();
    for (TransitionTable.Row row : TransitionTable.rows()) {
      String mode = Objects.requireNonNull(modes.get(row.mode().name()));
      String to =
          row.mode() == TransitionTable.Mode.GO_BACK
              ? "$Return"
              : row.to().orElse(row.from()).wireName();
      actual.add(row.from().wireName() + " " + row.event().getSimpleName() + " " + to + " " + mode);
    }
    assertThat(actual).isEqualTo(expected).hasSize(TransitionTable.rows().size());
  }

  @Test
  void events_all_equalTheKnownOnes() {
    assertThat(eventsOfTheReference())
        .extracting(Class::getSimpleName)
        .containsExactlyInAnyOrderElementsOf(known.get("mutations").propertyNames())
        .hasSize(82);
    List<String> globals = new ArrayList<>();
    known.get("globalEvents").forEach(event -> globals.add(event.get("event").asString()));
    assertThat(
            eventsOfTheReference().stream()
                .filter(SectorEvent.Global.class::isAssignableFrom)
                .map(Class::getSimpleName))
        .containsExactlyInAnyOrderElementsOf(globals);
  }

  @Test
  void mutations_ofEveryEvent_changeTheKnownFields() {
    for (Class<? extends SectorEvent> type : eventsOfTheReference()) {
      List<String> expected = new ArrayList<>();
      known
          .get("mutations")
          .get(type.getSimpleName())
          .forEach(field -> expected.add(field.asString()));
      // The state moves elsewhere; a received record replaces everything.
      expected.remove("State");
      if (expected.contains("*")) {
        continue;
      }
      SectorRecord before = SampleSectors.full("Proving");
      if (type == SectorEvent.SectorAddPiece.class) {
        before = before.withCreatedAt(0);
      }
      SectorRecord after =
          Mutations.apply(before, SampleSectors.event(type), Instant.ofEpochSecond(1000));
      // The sector's number never changes here: the record is made for it.
      expected.remove("SectorNumber");
      assertThat(changed(before, after))
          .as(type.getSimpleName())
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static List<Class<? extends SectorEvent>> eventsOfTheReference() {
    return RecordCodec.eventTypes().stream()
        .<Class<? extends SectorEvent>>map(type -> type)
        .filter(type -> !SectorEvent.Own.class.isAssignableFrom(type))
        .toList();
  }

  private static Set<String> changed(SectorRecord before, SectorRecord after) {
    Map<String, Function<SectorRecord, Object>> fields = new LinkedHashMap<>();
    fields.put("SectorType", SectorRecord::sealProof);
    fields.put("CreationTime", SectorRecord::createdAtS);
    fields.put("Pieces", SectorRecord::pieces);
    fields.put("TicketValue", r -> r.ticket().map(SectorRecord.Drawn::value));
    fields.put("TicketEpoch", r -> r.ticket().map(SectorRecord.Drawn::epoch));
    fields.put("PreCommit1Out", r -> r.preCommit().phase1Out());
    fields.put("CommD", r -> r.preCommit().commD());
    fields.put("CommR", r -> r.preCommit().commR());
    fields.put("PreCommitMessage", r -> r.preCommit().message());
    fields.put("PreCommitTipSet", r -> r.preCommit().tipSet());
    fields.put("PreCommitDeposit", r -> r.preCommit().deposit());
    fields.put("SeedValue", r -> r.commit().seed().map(SectorRecord.Drawn::value));
    fields.put("SeedEpoch", r -> r.commit().seed().map(SectorRecord.Drawn::epoch));
    fields.put("Proof", r -> r.commit().proof());
    fields.put("CommitMessage", r -> r.commit().message());
    fields.put("CCUpdate", r -> !r.upgrade().started());
    fields.put("CCPieces", r -> r.upgrade().ccPieces());
    fields.put("UpdateSealed", r -> r.upgrade().newSealed());
    fields.put("UpdateUnsealed", r -> r.upgrade().newUnsealed());
    fields.put("ReplicaUpdateProof", r -> r.upgrade().proof());
    fields.put("ReplicaUpdateMessage", r -> r.upgrade().message());
    fields.put("TerminateMessage", r -> r.termination().message());
    fields.put("TerminatedAt", r -> r.termination().terminatedAt());
    fields.put("PreCommit1Fails", r -> r.failures().preCommit1());
    fields.put("PreCommit2Fails", r -> r.failures().preCommit2());
    fields.put("InvalidProofs", r -> r.failures().invalidProofs());
    fields.put("FaultReportMsg", r -> r.failures().reportMessage());
    fields.put("Return", SectorRecord::returnState);
    fields.put("State", SectorRecord::state);
    Set<String> names =
        fields.entrySet().stream()
            .filter(f -> !f.getValue().apply(before).equals(f.getValue().apply(after)))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    // The sample is in an upgrade already, so starting one cannot change the mark.
    if (names.contains("CCPieces") && after.upgrade().started()) {
      names.add("CCUpdate");
    }
    return names;
  }

  private static String capital(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String camel(String name) {
    StringBuilder out = new StringBuilder();
    for (String word : name.split("_", -1)) {
      out.append(out.isEmpty() ? word.toLowerCase(Locale.ROOT) : capital(word));
    }
    return out.toString();
  }
}
