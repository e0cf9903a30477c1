package io.selkie.cli;

import io.selkie.rpc.ChangeFilter;
import io.selkie.rpc.HistoryPoint;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Counts, forecasts, the past and what happens now: the short commands about many sectors. */
final class SectorsInsight {

  private static final String NUMBER_ERROR = "could not parse sector number: ";

  private SectorsInsight() {}

  @Command(
      name = "count",
      description = "Count sectors, by what they have in common.",
      footer = {"", "Example:", "  selkie sectors count --by State,Age --min-age 5d"})
  static final class Count extends ApiCommand {

    @Mixin QueryOptions wanted = new QueryOptions();

    @Option(
        names = "--by",
        paramLabel = "KEY",
        split = ",",
        description =
            "State, Deal, PieceCID, Expiration, Path, Age, LastError, SealProof, or several.")
    List<String> by = List.of("State");

    Count(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode groups = api.callSelkie("SectorsCount", wanted.query(), by);
      if (json()) {
        groups.forEach(group -> printLine(out, group));
        return;
      }
      List<String> columns = new ArrayList<>(by);
      columns.add("Count");
      Table table = new Table(columns);
      for (JsonNode group : groups) {
        List<String> cells = new ArrayList<>();
        group.path("Keys").forEach(key -> cells.add(key.asString()));
        cells.add(group.path("Count").asString());
        table.add(cells.toArray(new String[0]));
      }
      table.print(out);
    }
  }

  @Command(
      name = "forecast",
      description = "Say what expires when, the pledge it releases and the space it frees.",
      footer = {"", "Example:", "  selkie sectors forecast --per week"})
  static final class Forecast extends ApiCommand {

    @Mixin QueryOptions wanted = new QueryOptions();

    @Option(names = "--per", paramLabel = "SPAN", description = "day or week.")
    String per = "day";

    Forecast(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode buckets = api.callSelkie("SectorsForecast", wanted.query(), per, List.of());
      if (json()) {
        buckets.forEach(bucket -> printLine(out, bucket));
        return;
      }
      Table table = new Table("Begins", "Epoch", "Sectors", "Pledge", "Space");
      for (JsonNode bucket : buckets) {
        table.add(
            bucket.path("Begins").asString(),
            bucket.path("From").asString(),
            bucket.path("Sectors").asString(),
            Format.fil(bucket.path("Pledge").asString()),
            Format.size(bucket.path("Bytes").asLong()));
      }
      table.print(out);
    }
  }

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
        "  selkie sectors history 7 2026-03-01T12:00:00Z"
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
      print(out, api.callSelkie("SectorHistory", sectorNumber(number, NUMBER_ERROR), point(point)));
    }
  }

  @Command(
      name = "diff",
      description = "Show what became of a sector between two entries, or times.",
      footer = {"", "Example:", "  selkie sectors diff 7 2026-03-01T12:00:00Z"})
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
      name = "watch",
      description = "Follow what happens to sectors, until interrupted.",
      footer = {
        "",
        "The first column is the offset to go on from later.",
        "",
        "Example:",
        "  selkie sectors watch --from 0 --state Proving"
      })
  static final class Watch extends ApiCommand {

    @Option(
        names = "--from",
        paramLabel = "OFFSET",
        description = "Everything after this offset first; 0 for all there is.")
    long from = -1;

    @Option(
        names = "--state",
        paramLabel = "NAME",
        split = ",",
        description = "Only what leads to these states.")
    List<String> states = new ArrayList<>();

    @Parameters(paramLabel = "NUMBER", description = "Only these sectors.")
    List<Long> numbers = new ArrayList<>();

    Watch(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      api.follow(
          "SectorsSubscribe",
          change -> {
            if (json()) {
              printLine(out, change);
            } else {
              out.println(
                  String.join(
                      "  ",
                      change.path("Offset").asString(),
                      change.path("At").asString(),
                      change.path("SectorID").asString(),
                      change.path("Kind").asString(),
                      change.path("State").asString()));
            }
            out.flush();
          },
          from,
          new ChangeFilter(states, numbers));
    }
  }
}
