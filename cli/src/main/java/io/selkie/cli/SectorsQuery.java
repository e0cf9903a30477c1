package io.selkie.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code sectors query}: pages are printed as they come, or written to a file. */
@Command(
    name = "query",
    description = "Find sectors by what they hold, where they are, since when and until when.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors query --state WaitSeed,CommitWait --min-age 36h",
      "  selkie sectors query --last-error 'no space' --fields State,LastError --format csv"
          + " --to stuck.csv",
      "  selkie sectors query --fields SectorID,State,Expiration,InitialPledge --format parquet"
          + " --to sectors.parquet"
    })
final class SectorsQuery extends ApiCommand {

  /** Rows asked for at once. */
  private static final int PAGE = 1_000;

  private static final List<String> USUAL =
      List.of("SectorID", "State", "EnteredAt", "PieceCount", "LastError");

  /** How rows are written. */
  enum Form {
    TABLE,
    CSV,
    JSONL,
    PARQUET
  }

  @Mixin QueryOptions wanted = new QueryOptions();

  @Option(
      names = "--fields",
      paramLabel = "NAME",
      split = ",",
      description = "What to show of each, in this order.")
  List<String> fields = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "How many at most.")
  long limit = Long.MAX_VALUE;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "table, csv (RFC 4180), jsonl (a JSON object per line) or parquet (needs --to).")
  String format = "table";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Write to a file, which is there only once it is whole.")
  @Nullable Path to;

  SectorsQuery(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    Form form = json() ? Form.JSONL : form();
    List<String> shown = fields.isEmpty() ? USUAL : fields;
    if (to == null) {
      if (form == Form.PARQUET) {
        throw new CommandFailed("--format parquet needs --to FILE");
      }
      write(api, out, form, shown);
    } else {
      toFile(to, api, form, shown);
    }
  }

  private Form form() throws CommandFailed {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "table" -> Form.TABLE;
      case "csv" -> Form.CSV;
      case "jsonl" -> Form.JSONL;
      case "parquet" -> Form.PARQUET;
      default ->
          throw new CommandFailed("--format is table, csv, jsonl or parquet, not '" + format + "'");
    };
  }

  private void toFile(Path file, Api api, Form form, List<String> shown) throws CommandFailed {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      if (form == Form.PARQUET) {
        Files.deleteIfExists(partial);
        parquet(api, partial, shown);
      } else {
        text(api, partial, form, shown);
      }
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw CommandFailed.ofFile("writing " + file, e);
    }
  }

  private void text(Api api, Path file, Form form, List<String> shown)
      throws IOException, CommandFailed {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
      write(api, out, form, shown);
      if (out.checkError()) {
        throw new CommandFailed("writing " + file + " failed");
      }
    }
  }

  private void parquet(Api api, Path file, List<String> shown) throws IOException, CommandFailed {
    try (ParquetRows rows = ParquetRows.create(file, shown)) {
      pages(
          api,
          shown,
          row -> {
            try {
              rows.add(row);
            } catch (IOException e) {
              throw CommandFailed.ofFile("writing " + file, e);
            }
          },
          () -> {});
    }
  }

  private interface Row {
    void take(JsonNode row) throws CommandFailed;
  }

  private void write(Api api, PrintWriter out, Form form, List<String> shown) throws CommandFailed {
    if (form == Form.CSV) {
      out.print(String.join(",", shown) + "\r\n");
    }
    Table table = new Table(shown);
    pages(
        api,
        shown,
        row -> {
          if (form == Form.JSONL) {
            printLine(out, row);
            return;
          }
          List<String> cells = shown.stream().map(name -> cell(row.path(name))).toList();
          if (form == Form.CSV) {
            out.print(String.join(",", cells.stream().map(SectorsQuery::quoted).toList()) + "\r\n");
          } else {
            table.add(cells.toArray(new String[0]));
          }
        },
        out::flush);
    if (form == Form.TABLE) {
      table.print(out);
    }
  }

  private void pages(Api api, List<String> shown, Row each, Runnable pageDone)
      throws CommandFailed {
    String cursor = "";
    long left = limit;
    do {
      JsonNode page =
          api.callSelkie("SectorsQuery", wanted.query(), cursor, Math.clamp(left, 1, PAGE), shown);
      for (JsonNode row : page.path("Sectors")) {
        each.take(row);
        left--;
      }
      cursor = page.path("Cursor").asString();
      pageDone.run();
    } while (!cursor.isEmpty() && left > 0);
  }

  static String cell(JsonNode value) {
    if (value.isArray()) {
      return String.join(" ", value.valueStream().map(JsonNode::asString).toList());
    }
    return value.isMissingNode() || value.isNull() ? "" : value.asString();
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
