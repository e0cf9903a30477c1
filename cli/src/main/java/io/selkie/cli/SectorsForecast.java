package io.selkie.cli;

import io.selkie.rpc.api.WhatIf;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code sectors forecast}. */
@Command(
    name = "forecast",
    description = "Say what expires when, the pledge it releases and the space it frees.",
    footer = {
      "",
      "A supposition is EPOCH:WHICH, where WHICH is all, numbers such as 20-25,30, or conditions"
          + " joined by ';':",
      "sectors=RANGES, state=NAME,NAME, deal=ID, piece=CID, path=ID, expires-from=EPOCH,"
          + " expires-before=EPOCH.",
      "A later one wins over an earlier one; an epoch that is over means now.",
      "What it leads to stands beside what is expected without it, in the columns '->'.",
      "",
      "Examples:",
      "  selkie sectors forecast --per week",
      "  selkie sectors forecast --what-if 5500000:20-25,30",
      "  selkie sectors forecast --what-if '6000000:all' --what-if '0:state=Proving;deal=7'"
    })
final class SectorsForecast extends ApiCommand {

  @Mixin QueryOptions wanted = new QueryOptions();

  @Option(names = "--per", paramLabel = "SPAN", description = "day or week.")
  String per = "day";

  @Option(
      names = "--what-if",
      paramLabel = "EPOCH:WHICH",
      description = "Suppose that these sectors end at another epoch; may be given again.")
  List<String> suppositions = new ArrayList<>();

  SectorsForecast(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    List<WhatIf> whatIf = new ArrayList<>();
    for (String supposition : suppositions) {
      whatIf.add(whatIf(supposition));
    }
    JsonNode buckets = api.callSelkie("SectorsForecast", wanted.query(), per, whatIf);
    if (json()) {
      buckets.forEach(bucket -> printLine(out, bucket));
      return;
    }
    Table table =
        new Table(
            "Begins", "Epoch", "Sectors", "Pledge", "Space", "-> Sectors", "-> Pledge", "-> Space");
    for (JsonNode bucket : buckets) {
      List<String> row = new ArrayList<>();
      row.add(bucket.path("Begins").asString());
      row.add(bucket.path("From").asString());
      ending(row, bucket, "");
      if (!whatIf.isEmpty()) {
        ending(row, bucket, "Supposed");
      }
      table.add(row.toArray(String[]::new));
    }
    table.print(out);
  }

  /** The three figures, as things are or as supposed. */
  private static void ending(List<String> row, JsonNode bucket, String prefix) {
    row.add(bucket.path(prefix + "Sectors").asString());
    row.add(Format.fil(bucket.path(prefix + "Pledge").asString()));
    row.add(Format.size(bucket.path(prefix + "Bytes").asLong()));
  }

  private WhatIf whatIf(String text) throws CommandFailed {
    int colon = text.indexOf(':');
    if (colon < 0 || !text.substring(0, colon).matches("[0-9]{1,18}")) {
      throw new CommandFailed(
          "'" + text + "' is no supposition; write EPOCH:WHICH, such as 5500000:20-25,30");
    }
    long epoch = Long.parseLong(text.substring(0, colon));
    String which = text.substring(colon + 1).strip();
    if (which.equals("all")) {
      return new WhatIf(wanted.query(), epoch);
    }
    QueryOptions options = new QueryOptions();
    if (which.indexOf('=') < 0) {
      options.sectors = which;
    } else {
      for (String condition : which.split(";", -1)) {
        options.add(condition.strip());
      }
    }
    return new WhatIf(options.query(), epoch);
  }
}
