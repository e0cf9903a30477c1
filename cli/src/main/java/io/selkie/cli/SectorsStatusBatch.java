package io.selkie.cli;

import io.selkie.abi.BitField;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.rpc.api.StatusRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code sectors status-batch}: rows are printed as they come. */
@Command(
    name = "status-batch",
    description =
        "Show the statuses of up to 100,000 sectors, all as of one head of the chain, as they come.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors status-batch --state Proving --json > proving.jsonl",
      "  selkie sectors status-batch --sectors 7,100-199 --fields SectorID,State,Expiration",
      "  selkie sectors status-batch --file numbers.txt"
    })
final class SectorsStatusBatch extends ApiCommand {

  /** Numbers of twenty digits, ranges and remarks among them. */
  private static final long FILE_LIMIT_BYTES = 8L << 20;

  private static final List<String> USUAL =
      List.of("SectorID", "State", "Activation", "Expiration", "OnTime", "Early", "LastErr");

  /** Digits of a number, for columns that are as wide before the first row is known. */
  private static final int NUMBER_WIDTH = 10;

  private static final int STATE_WIDTH = 20;

  @Mixin QueryOptions wanted = new QueryOptions();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The numbers in this file, a number or a range per line; # begins a remark.")
  @Nullable Path file;

  @Option(
      names = "--fields",
      paramLabel = "NAME",
      split = ",",
      description = "What to show of each; with --json all but the log if none is named.")
  List<String> fields = List.of();

  SectorsStatusBatch(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    SectorQuery query = wanted.query(file == null ? BitField.EMPTY : numbersIn(file));
    if (json() && api.printStatuses(new StatusRequest(query, fields), out)) {
      return;
    }
    List<String> shown = fields.isEmpty() && !json() ? USUAL : fields;
    if (!json()) {
      out.println(row(shown, shown));
    }
    api.follow(
        "SectorsStatusBatch",
        chunk -> {
          for (JsonNode status : chunk.path("Sectors")) {
            print(out, shown, status);
          }
          out.flush();
        },
        query,
        shown);
  }

  private void print(PrintWriter out, List<String> shown, JsonNode status) {
    if (json()) {
      printLine(out, status);
      return;
    }
    List<String> cells = shown.stream().map(name -> SectorsQuery.cell(status.path(name))).toList();
    out.println(row(shown, cells));
  }

  /** Columns of a width known beforehand: the last row is far away when the first is printed. */
  private static String row(List<String> names, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      int width = Math.max(names.get(i).length(), usualWidth(names.get(i)));
      boolean last = i == names.size() - 1;
      line.append(last ? cells.get(i) : String.format("%-" + width + "s  ", cells.get(i)));
    }
    return line.toString();
  }

  private static int usualWidth(String name) {
    return name.equals("State") ? STATE_WIDTH : NUMBER_WIDTH;
  }

  private static BitField numbersIn(Path file) throws CommandFailed {
    BitField numbers = BitField.EMPTY;
    try {
      if (Files.size(file) > FILE_LIMIT_BYTES) {
        throw new CommandFailed(file + " is longer than " + FILE_LIMIT_BYTES + " bytes");
      }
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        String text = line.replaceFirst("#.*", "").strip();
        if (!text.isEmpty()) {
          numbers = numbers.plus(NumberRanges.parse(text));
        }
      }
    } catch (IOException e) {
      throw CommandFailed.ofFile("reading " + file, e);
    }
    if (numbers.runs().isEmpty()) {
      throw new CommandFailed(file + " names no sector");
    }
    return numbers;
  }
}
