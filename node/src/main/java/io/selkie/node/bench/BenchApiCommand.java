package io.selkie.node.bench;

import io.selkie.node.console.Output;
import io.selkie.node.repo.TemporaryTree;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fills a miner with sectors and measures how it answers for them. */
@Command(
    name = "api",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a miner with a million sectors, each with its log, starts the program on it with a heap",
      "of 1 GiB, compares its answers with what was put in, and measures them."
    },
    footer = {
      "",
      "The store takes about 10 KB a sector and minutes to make; with --repo it is kept and used",
      "again.",
      "",
      "Examples:",
      "  selkie bench api --sectors 100000",
      "  selkie bench api --repo /srv/bench-1m --json"
    })
final class BenchApiCommand implements Callable<Integer> {

  /** Fifty loads. */
  private static final long SAID_EVERY = 102_400;

  private static final long SMALLEST = 1_000;

  @Option(
      names = "--sectors",
      paramLabel = "N",
      description = "how many sectors, 1000 at least (default 1000000)")
  private long sectors = 1_000_000;

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      description = "where the miner is made, or was made before (default: a temporary directory)")
  private @Nullable Path repo;

  @Option(
      names = "--transitions",
      paramLabel = "SECONDS",
      description = "how long sectors are moved (default 10)")
  private int transitionsS = 10;

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (sectors < SMALLEST) {
      throw new IOException(sectors + " sectors are fewer than " + SMALLEST);
    }
    Path kept = repo;
    Path root = kept == null ? Files.createTempDirectory("selkie-bench-api-") : kept;
    try {
      List<BenchFigure> figures = measure(root);
      if (json) {
        Output.print(describe(figures), true);
      } else {
        print(figures);
      }
      return 0;
    } finally {
      if (kept == null) {
        TemporaryTree.delete(root);
      }
    }
  }

  private List<BenchFigure> measure(Path root) throws Exception {
    BenchStore store = BenchStore.open(root, sectors, this::made);
    store.readThrough();
    List<BenchFigure> figures = new ArrayList<>();
    // One after the other: the node must have ended before its repository is opened here.
    try (BenchNode node = BenchNode.start(root);
        BenchCalls calls = new BenchCalls(store.sectors(), node, figures, BenchApiCommand::say)) {
      figures.add(
          BenchFigure.atMost(
              "start", "start to the first answer", node.startNanos() / 1e9, "s", 10, ""));
      calls.measure();
    }
    figures.add(
        BenchFigure.atLeast(
            "transitions",
            "durable transitions",
            BenchTransitions.perSecond(store, Duration.ofSeconds(transitionsS)),
            "/s",
            5_000));
    figures.add(
        BenchFigure.plain("journal", "the journal", store.journalBytes() / 0x1p20, "MiB", ""));
    return figures;
  }

  private void made(long so) {
    if (so % SAID_EVERY == 0 || so == sectors) {
      System.err.println(so + " of " + sectors + " sectors made");
    }
  }

  private static void say(BenchFigure figure) {
    System.err.println(figure.what() + ": " + number(figure.value()) + " " + figure.unit());
  }

  private Map<String, Object> describe(List<BenchFigure> figures) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("sectors", sectors);
    result.put("machine", machine());
    result.put("java", System.getProperty("java.vm.version"));
    Map<String, Object> values = new LinkedHashMap<>();
    for (BenchFigure each : figures) {
      Map<String, Object> figure = new LinkedHashMap<>();
      figure.put("value", each.value());
      figure.put("unit", each.unit());
      if (!Double.isNaN(each.target())) {
        figure.put("target", each.target());
        figure.put("ok", each.isOk());
      }
      values.put(each.name(), figure);
    }
    result.put("figures", values);
    return result;
  }

  private void print(List<BenchFigure> figures) {
    String row = "%-58s %12s %14s  %-6s %s";
    System.out.println(
        String.format(
            Locale.ROOT, row, "", "measured", "target", "", "lotus-miner, 100,004 sectors"));
    for (BenchFigure each : figures) {
      System.out.println(
          String.format(
                  Locale.ROOT,
                  row,
                  each.what(),
                  number(each.value()) + " " + each.unit(),
                  Double.isNaN(each.target())
                      ? ""
                      : (each.atLeast() ? ">= " : "<= ")
                          + number(each.target())
                          + " "
                          + each.unit(),
                  each.verdict(),
                  each.reference())
              .stripTrailing());
    }
    System.out.println();
    System.out.println("For docs/benchmarks/api.md:");
    System.out.println(
        String.format(Locale.ROOT, "| %,d | %s |", sectors, machine())
            + String.join(
                "",
                figures.stream()
                    .filter(each -> !Double.isNaN(each.target()) || !each.reference().isEmpty())
                    .map(each -> " " + number(each.value()) + " " + each.unit() + " |")
                    .toList()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : value < 100 ? "%.1f" : "%,.0f", value);
  }

  private static String machine() {
    return LocalDate.now(ZoneOffset.UTC)
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " processors, load "
        + String.format(
            Locale.ROOT,
            "%.1f",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage())
        + ", JDK "
        + Runtime.version();
  }
}
