package io.selkie.cli;

import io.selkie.rpc.api.ChangeFilter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Counts, and what happens now: the short commands about many sectors. */
final class SectorsInsight {

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
