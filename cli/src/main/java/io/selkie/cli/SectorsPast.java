package io.selkie.cli;

import io.selkie.rpc.api.HistoryPoint;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sectors, and how many there were in which state, at a time that is over. */
final class SectorsPast {

  private static final String NUMBER_ERROR = "could not parse sector number: ";

  private SectorsPast() {}

  /** A point as it is written: a number is an entry, anything else a time. */
  private static HistoryPoint point(@Nullable String text) throws CommandFailed {
    if (text == null) {
      return new HistoryPoint(null, 0);
    }
    try {
      return text.matches("[0-9]{1,18}")
          ? new HistoryPoint(null, Long.parseLong(text))
          : new HistoryPoint(Instant.parse(text), 0);
    } catch (DateTimeParseException e) {
      throw new CommandFailed(
          "'"
              + text
              + "' is neither the number of an entry nor a time such as"
              + " 2026-03-01T12:00:00Z",
          e);
    }
  }

  @Command(
      name = "history",
      description = "Show a sector as it was after an entry of its log, or at a time.",
      footer = {
        "",
        "Examples:",
        "  selkie sectors history 7 12",
        "  selkie sectors history 7 2026-03-01T12:00:00Z --json"
      })
  static final class History extends ApiCommand {

    @Parameters(index = "0", paramLabel = "NUMBER", description = "The sector's number.")
    String number = "";

    @Parameters(index = "1", paramLabel = "POINT", description = "An entry's number, or a time.")
    String point = "";

    History(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode past =
          api.callSelkie("SectorHistory", sectorNumber(number, NUMBER_ERROR), point(point));
      if (json()) {
        print(out, past);
        return;
      }
      out.println(
          "After entry " + past.path("Sequence").asString() + ", " + past.path("At").asString());
      past.path("Sector")
          .properties()
          .forEach(member -> {
            if (!member.getKey().equals("Log")) {
              out.println(member.getKey() + ": " + text(member.getValue()));
            }
          });
    }
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.asString() : value.toString();
  }

  @Command(
      name = "diff",
      description = "Show what became of a sector between two entries, or times.",
      footer = {
        "",
        "Examples:",
        "  selkie sectors diff 7 2026-03-01T12:00:00Z",
        "  selkie sectors diff 7 3 12 --json"
      })
  static final class Diff extends ApiCommand {

    @Parameters(index = "0", paramLabel = "NUMBER", description = "The sector's number.")
    String number = "";

    @Parameters(index = "1", paramLabel = "FROM", description = "An entry's number, or a time.")
    String from = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "TO", description = "As FROM; now.")
    @Nullable String to;

    Diff(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode told =
          api.callSelkie(
              "SectorDifference", sectorNumber(number, NUMBER_ERROR), point(from), point(to));
      if (json()) {
        print(out, told);
        return;
      }
      for (JsonNode change : told.path("Changes")) {
        out.println(
            change.path("Field").asString()
                + ": "
                + change.path("Before")
                + " -> "
                + change.path("After"));
      }
      for (JsonNode entry : told.path("Entries")) {
        out.println(
            entry.path("Sequence").asString()
                + ". "
                + entry.path("At").asString()
                + " "
                + entry.path("Kind").asString()
                + " -> "
                + entry.path("State").asString());
      }
    }
  }

  @Command(
      name = "summary-at",
      description = "Count sectors by state as of a time, or of an offset of the change feed.",
      footer = {
        "",
        "With a second point also as of then, and the difference.",
        "",
        "Examples:",
        "  selkie sectors summary-at 2026-03-01T12:00:00Z",
        "  selkie sectors summary-at 2026-03-01T12:00:00Z 2026-03-02T12:00:00Z",
        "  selkie sectors summary-at 4711 --json"
      })
  static final class SummaryAt extends ApiCommand {

    @Parameters(index = "0", paramLabel = "POINT", description = "An offset, or a time.")
    String point = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "POINT", description = "A later one.")
    @Nullable String later;

    SummaryAt(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode first = api.callSelkie("SectorsSummaryAt", point(point));
      if (later == null) {
        show(out, first);
        return;
      }
      difference(out, first, api.callSelkie("SectorsSummaryAt", point(later)));
    }

    private void show(PrintWriter out, JsonNode counts) {
      if (json()) {
        print(out, counts);
        return;
      }
      Table table = new Table("State", "Sectors");
      states(counts, counts)
          .forEach(state -> table.add(shown(state), counts.path(state).asString()));
      table.print(out);
    }

    private void difference(PrintWriter out, JsonNode first, JsonNode second) {
      if (json()) {
        ObjectNode both = mapper().createObjectNode();
        both.set("From", first);
        both.set("To", second);
        print(out, both);
        return;
      }
      Table table = new Table("State", "From", "To", "Change");
      for (String state : states(first, second)) {
        long from = first.path(state).asLong(0);
        long to = second.path(state).asLong(0);
        table.add(
            shown(state),
            Long.toString(from),
            Long.toString(to),
            from == to ? "0" : String.format("%+d", to - from));
      }
      table.print(out);
    }

    private String shown(String state) {
      return state.isEmpty() ? "(new)" : paint().in(StateNames.colour(state), state);
    }

    private static SortedSet<String> states(JsonNode some, JsonNode others) {
      SortedSet<String> states = new TreeSet<>(StateNames.displayOrder());
      states.addAll(some.propertyNames());
      states.addAll(others.propertyNames());
      return states;
    }
  }
}
