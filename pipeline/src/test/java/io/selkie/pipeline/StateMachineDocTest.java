package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.TransitionTable.Mode;
import io.selkie.pipeline.TransitionTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Goal: docs/state-machine.md says what the code does. Method: it is generated from the same rows
 * that the code runs on, and compared; {@code -Dselkie.docs.write=true} writes it.
 */
final class StateMachineDocTest {

  private static final Path FILE = Path.of("..", "docs", "state-machine.md");

  private static final List<String> MAIN_PATH =
      List.of(
          "",
          "WaitDeals",
          "AddPiece",
          "Packing",
          "GetTicket",
          "PreCommit1",
          "PreCommit2",
          "SubmitPreCommitBatch",
          "PreCommitBatchWait",
          "WaitSeed",
          "Committing",
          "CommitFinalize",
          "SubmitCommitAggregate",
          "CommitAggregateWait",
          "FinalizeSector",
          "Proving",
          "Available");

  @Test
  void document_committed_equalsTheTable() throws IOException {
    String expected = document();
    if (Boolean.getBoolean("selkie.docs.write")) {
      Files.writeString(FILE, expected);
    }
    assertThat(Files.readString(FILE)).isEqualTo(expected);
  }

  private static String document() {
    return """
    # The sector's state machine

    Generated from `SectorState` and `TransitionTable`; do not edit. To write it again:
    `./mvnw -pl pipeline -am test -Dtest=StateMachineDocTest -Dselkie.docs.write=true \
    -Dsurefire.failIfNoSpecifiedTests=false`.

    Names are those of the wire. Every state but `Removed` also takes the global events: `SectorForceState` goes to any
    state, `SectorTerminate` to `Terminating`, `SectorRemove` to `Removing`, `SectorRestart` and `SectorFatalError` run the
    state's handler again. `SectorRebuilt`, which recovery writes, sets the whole
    record, out of `Removed` too. An event that a state does not list is consumed and leaves a line in the sector's log.

    ## The path of a sector

    """
        + drawing()
        + "\n## States\n\n"
        + """
        A *working* or *waiting* sector that cannot go on has a durable timer; a *failed* one has a timer or stands still with the reason in
        `LastErr`, and so does an *unbuilt* one, whose handler is not written yet; a *resting* one does nothing until it is asked to.

        """
        + states()
        + "\n## Transitions\n\n"
        + "`*` stays and disturbs nothing; `!` leaves the record's counters as they are; `?` only if the seed"
        + " differs.\n\n"
        + transitions();
  }

  private static String drawing() {
    StringBuilder out = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    out.append("  state \"(new)\" as Undefined\n");
    for (Row row : TransitionTable.rows()) {
      String to = row.to().map(SectorState::wireName).orElse("-");
      if (MAIN_PATH.contains(row.from().wireName())
          && MAIN_PATH.contains(to)
          && row.from() != row.to().orElse(row.from())) {
        out.append("  ").append(row.from().name()).append(" --> ").append(row.to().get().name());
        out.append(": ").append(shortName(row)).append('\n');
      }
    }
    return out.append("```\n").toString();
  }

  private static String shortName(Row row) {
    return row.event().getSimpleName().substring("Sector".length());
  }

  private static String states() {
    StringBuilder out =
        new StringBuilder("| # | State | Does | Counts as | If finalised early |\n");
    out.append("|---|---|---|---|---|\n");
    Arrays.stream(SectorState.values())
        .sorted(Comparator.comparingInt(SectorState::order))
        .forEach(state ->
            out.append("| ")
                .append(state.order())
                .append(" | ")
                .append(name(state))
                .append(" | ")
                .append(state.kind().name().toLowerCase(Locale.ROOT))
                .append(" | ")
                .append(state.bucket(false).name().toLowerCase(Locale.ROOT))
                .append(" | ")
                .append(state.bucket(true).name().toLowerCase(Locale.ROOT))
                .append(" |\n"));
    return out.toString();
  }

  private static String transitions() {
    TreeMap<SectorState, List<Row>> byState =
        TransitionTable.rows().stream()
            .collect(Collectors.groupingBy(Row::from, TreeMap::new, Collectors.toList()));
    StringBuilder out = new StringBuilder("| From | Event | To |\n|---|---|---|\n");
    byState.forEach((state, rows) ->
        rows.forEach(row ->
            out.append("| ")
                .append(name(state))
                .append(" | ")
                .append(row.event().getSimpleName())
                .append(" | ")
                .append(target(row))
                .append(" |\n")));
    return out.toString();
  }

  private static String target(Row row) {
    if (row.mode() == Mode.GO_BACK) {
      return "where it came from";
    }
    String name = name(row.to().orElse(row.from()));
    return switch (row.mode()) {
      case GO, GO_BACK -> name;
      case NOTE -> name + " *";
      case GO_UNCHANGED -> name + " !";
      case GO_IF_SEED_CHANGED -> name + " ?";
    };
  }

  private static String name(SectorState state) {
    return state == SectorState.Undefined ? "(new)" : state.wireName();
  }
}
