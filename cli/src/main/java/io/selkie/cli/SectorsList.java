package io.selkie.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code sectors list}. The numbers are asked for first; their statuses follow in a window that
 * moves along, and a row is printed when it and all before it are there.
 *
 * <p>Up to {@link #FIRST_ROWS} sectors the columns are as wide as their cells, as in the reference.
 * A longer list does not wait for the last row: its columns are laid out by the first rows and by
 * what is to be expected, and all that may be filled are there.
 */
@Command(
    name = "list",
    description = "List sectors.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors list --fast",
      "  selkie sectors list --states Proving,Available --seal-time",
      "  selkie sectors list --limit 100 --after 4711",
      "  selkie sectors list --json"
    })
final class SectorsList extends ApiCommand {

  /** Rows that are waited for before the head is printed. */
  static final int FIRST_ROWS = 50;

  /** From so many sectors on, somebody who watches is better served by the first rows at once. */
  static final int MANY_SECTORS = 1_000;

  /** Rows that are waited for then. */
  static final int FIRST_ROWS_OF_MANY = 8;

  /** Between two looks at whether anybody still reads. */
  private static final int FLUSH_ROWS = 50;

  @Option(
      names = {"-r", "--show-removed"},
      description = "Show removed sectors too.")
  boolean showRemoved;

  @Option(
      names = {"-f", "--fast"},
      description = "Leave out what each sector's place on chain would have to be looked up for.")
  boolean fast;

  @Option(
      names = {"-e", "--events"},
      description = "Show how many events each sector had.")
  boolean events;

  @Option(
      names = {"-p", "--initial-pledge"},
      description = "Show the initial pledge.")
  boolean initialPledge;

  @Option(
      names = {"-t", "--seal-time"},
      description = "Show how long sealing took.")
  boolean sealTime;

  @Option(
      names = "--states",
      split = ",",
      paramLabel = "STATE",
      completionCandidates = StateNames.Candidates.class,
      description = "Only sectors in these states, removed ones included if named.")
  @Nullable List<String> states;

  @Option(
      names = {"-u", "--unproven"},
      description = "Only sectors that are neither Proving nor Available.")
  boolean unproven;

  @Option(
      names = "--check-parallelism",
      paramLabel = "N",
      defaultValue = "300",
      description = "Sectors asked about at the same time (default ${DEFAULT-VALUE}).")
  int parallelism;

  @Option(names = "--after", paramLabel = "NUMBER", description = "Begin after this sector.")
  @Nullable String after;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Stop after N rows, and say how to go on.")
  @Nullable Integer limit;

  @Option(
      names = "--page-size",
      paramLabel = "N",
      description = "On a terminal, wait for Enter after every N rows.")
  @Nullable Integer pageSize;

  SectorsList(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    if (states != null && unproven) {
      throw new CommandFailed("only one of --states or --unproven can be specified at once");
    }
    atLeastOne("--check-parallelism", parallelism);
    atLeastOne("--limit", limit);
    atLeastOne("--page-size", pageSize);
    long[] numbers;
    SectorRow rows;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // The node looks through all of the miner's sectors for this; meanwhile the numbers come.
      Future<Optional<ChainView>> chain = threads.submit(() -> ChainView.ifKnown(api));
      numbers = numbers(api);
      OptionalLong head = fast || json() ? OptionalLong.empty() : ChainHeight.ifKnown(api);
      rows =
          new SectorRow(
              new SectorRow.Columns(fast, events, initialPledge, sealTime),
              head,
              answer(chain),
              paint());
    }
    try (StatusWindow window = new StatusWindow(api, numbers, !fast, parallelism)) {
      if (json()) {
        printLines(window, rows, out);
      } else {
        printTable(api, numbers, window, rows, out);
      }
    }
  }

  private static <T> T answer(Future<T> asked) throws CommandFailed {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    } catch (ExecutionException e) {
      throw new CommandFailed("asking the node: " + e.getCause(), e);
    }
  }

  private static void atLeastOne(String option, @Nullable Integer value) throws CommandFailed {
    if (value != null && value < 1) {
      throw new CommandFailed(option + " " + value + " must be at least 1");
    }
  }

  private long[] numbers(Api api) throws CommandFailed {
    long[] found;
    if (states != null) {
      found = api.sectorNumbers("SectorsListInStates", states);
    } else if (unproven) {
      List<String> open =
          StateNames.VALID.stream()
              .filter(state -> !state.equals("Proving") && !state.equals("Available"))
              .toList();
      found = api.sectorNumbers("SectorsListInStates", open);
    } else {
      found = api.sectorNumbers("SectorsList");
    }
    LongStream numbers = LongStream.of(found);
    if (after != null) {
      long last = sectorNumber(after, "--after: ").longValue();
      numbers = numbers.filter(number -> Long.compareUnsigned(number, last) > 0);
    }
    // Flipping the sign bit makes the signed order the unsigned one.
    return numbers
        .map(number -> number ^ Long.MIN_VALUE)
        .sorted()
        .map(number -> number ^ Long.MIN_VALUE)
        .toArray();
  }

  private boolean isShown(StatusWindow.Answer answer) {
    return showRemoved
        || states != null
        || answer.status() == null
        || !SectorRow.text(answer.status(), "State").equals("Removed");
  }

  private void printLines(StatusWindow window, SectorRow rows, PrintWriter out)
      throws CommandFailed {
    int printed = 0;
    while (window.hasNext() && !isFull(printed)) {
      StatusWindow.Answer answer = window.next();
      if (!isShown(answer)) {
        continue;
      }
      ObjectNode line = mapper().createObjectNode();
      JsonNode status = answer.status();
      printLine(
          out,
          status == null
              ? line.put("ID", answer.number()).put("Error", answer.error())
              : rows.json(status, line));
      if (++printed % FLUSH_ROWS == 0 && out.checkError()) {
        return;
      }
    }
  }

  private boolean isFull(int printed) {
    return limit != null && printed >= limit;
  }

  private void printTable(
      Api api, long[] numbers, StatusWindow window, SectorRow rows, PrintWriter out)
      throws CommandFailed {
    int enough = numbers.length < MANY_SECTORS ? FIRST_ROWS : FIRST_ROWS_OF_MANY;
    int wanted = limit == null || limit > FIRST_ROWS ? enough : limit;
    List<StatusWindow.Answer> first = new ArrayList<>();
    while (window.hasNext() && first.size() < wanted) {
      StatusWindow.Answer answer = window.next();
      if (isShown(answer)) {
        first.add(answer);
      }
    }
    Pages pages = new Pages(out);
    Table table = new Table(SectorRow.NAMES);
    int page = pageSize == null ? first.size() : Math.min(first.size(), pageSize);
    for (StatusWindow.Answer answer : first.subList(0, page)) {
      add(answer, rows, table::add);
    }
    if (page == first.size() && (!window.hasNext() || isFull(page))) {
      table.print(out);
      sayHowToGoOn(window, first.isEmpty() ? 0 : first.getLast().number());
      return;
    }
    long last = numbers[numbers.length - 1];
    Table.Open open = table.open(out, rows.expectedWidths(last, stateWidth(api)));
    pages.printed(page);
    long lastShown = first.isEmpty() ? -1 : first.get(page - 1).number();
    int at = page;
    while ((at < first.size() || window.hasNext()) && !isFull(pages.rows) && pages.goOn()) {
      StatusWindow.Answer answer = at < first.size() ? first.get(at++) : window.next();
      if (isShown(answer)) {
        add(answer, rows, open::add);
        lastShown = answer.number();
        pages.printed(1);
      }
    }
    if (isFull(pages.rows)) {
      sayHowToGoOn(window, lastShown);
    }
  }

  private void sayHowToGoOn(StatusWindow window, long lastShown) {
    if (window.hasNext()) {
      spec.commandLine().getOut().flush();
      PrintWriter err = spec.commandLine().getErr();
      err.println("more sectors follow: --after " + Long.toUnsignedString(lastShown));
      err.flush();
    }
  }

  /** Where rows go. */
  private interface Rows {
    void add(Map<String, String> cells, List<String> linesBelow);
  }

  private static void add(StatusWindow.Answer answer, SectorRow rows, Rows to) {
    JsonNode status = answer.status();
    if (status == null) {
      to.add(
          Map.of("ID", Long.toUnsignedString(answer.number())),
          List.of("  Error: " + answer.error()));
    } else {
      to.add(rows.cells(status), rows.linesBelow(status));
    }
  }

  /** The longest state that a sector is in now. */
  private static int stateWidth(Api api) {
    try {
      return api.call("SectorsSummary")
          .propertyStream()
          .mapToInt(count -> count.getKey().length())
          .max()
          .orElse(0);
    } catch (CommandFailed _) {
      return StateNames.VALID.stream().mapToInt(String::length).max().orElse(0);
    }
  }

  /** Hands rows on in time, and waits for the reader where that was asked for. */
  private final class Pages {

    private final PrintWriter out;
    private int rows;
    private int onPage;
    private int unflushed;

    private Pages(PrintWriter out) {
      this.out = out;
    }

    void printed(int count) {
      rows += count;
      onPage += count;
      unflushed += count;
    }

    /** Whether somebody still reads. */
    boolean goOn() throws CommandFailed {
      if (unflushed >= FLUSH_ROWS) {
        unflushed = 0;
        if (out.checkError()) {
          return false;
        }
      }
      if (pageSize == null || onPage < pageSize || !environment.terminal().keyboard()) {
        return true;
      }
      onPage = 0;
      out.flush();
      PrintWriter err = spec.commandLine().getErr();
      err.print("-- Enter for more, q and Enter to end -- ");
      err.flush();
      try {
        String answer = environment.terminal().input().readLine();
        return answer != null && !answer.strip().toLowerCase(Locale.ROOT).startsWith("q");
      } catch (IOException e) {
        throw new CommandFailed("reading the keyboard: " + e.getMessage(), e);
      }
    }
  }
}
