package io.selkie.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The commands about what the chain holds of all sectors. */
final class SectorsOnChain {

  private SectorsOnChain() {}

  private static long number(JsonNode sector, String member) {
    return sector.path(member).asLong(0);
  }

  @Command(
      name = "precommits",
      description = "List the sectors that are pre-committed and not proven yet.",
      footer = {"", "Example:", "  selkie sectors precommits"})
  static final class PreCommits extends ApiCommand {

    PreCommits(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      for (JsonNode due : api.callSelkie("ChainPreCommits")) {
        if (json()) {
          printLine(out, due);
        } else {
          out.println(number(due, "SectorNumber") + ": " + number(due, "PreCommitEpoch"));
        }
      }
    }
  }

  @Command(
      name = "check-expire",
      description = "List the active sectors that expire soon.",
      footer = {"", "Example:", "  selkie sectors check-expire --cutoff 20160"})
  static final class CheckExpire extends ApiCommand {

    @Option(
        names = "--cutoff",
        paramLabel = "EPOCHS",
        defaultValue = "172800",
        description = "How soon (default ${DEFAULT-VALUE}, 60 days).")
    long cutoff;

    CheckExpire(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      long now = ChainHeight.of(api);
      List<JsonNode> sectors = new ArrayList<>();
      eachActive(
          api,
          sector -> {
            if (number(sector, "Expiration") - now <= cutoff) {
              sectors.add(sector);
            }
          });
      sectors.sort(
          Comparator.<JsonNode>comparingLong(sector -> number(sector, "Expiration"))
              .thenComparingLong(sector -> number(sector, "SectorNumber")));
      if (json()) {
        sectors.forEach(sector -> printLine(out, sector));
        return;
      }
      OptionalLong head = OptionalLong.of(now);
      Table table =
          new Table(
              "ID",
              "SealProof",
              "InitialPledge",
              "Activation",
              "Expiration",
              "MaxExpiration",
              "MaxExtendNow");
      for (JsonNode sector : sectors) {
        table.add(
            sector.path("SectorNumber").asString(),
            sector.path("SealProof").asString(),
            Format.shortFil(sector.path("InitialPledge").asString("0")),
            Format.epoch(number(sector, "Activation"), head),
            Format.epoch(number(sector, "Expiration"), head),
            Format.epoch(number(sector, "MaxExpiration"), head),
            Format.epoch(number(sector, "MaxExtendNow"), head));
      }
      table.print(out);
    }
  }

  /** Gives each sector that counts for power; there may be millions, so none is kept here. */
  private static void eachActive(Api api, Consumer<JsonNode> each) throws CommandFailed {
    ChainView view =
        ChainView.ifKnown(api)
            .orElseThrow(() -> new CommandFailed("the node does not tell its active sectors"));
    api.eachChainSector(sector -> {
      if (view.active().contains(number(sector, "SectorNumber"))) {
        each.accept(sector);
      }
    });
  }

  @Command(
      name = "upgrade-bounds",
      description = "Show how many active sectors expire when.",
      footer = {"", "Example:", "  selkie sectors list upgrade-bounds --csv"})
  static final class UpgradeBounds extends ApiCommand {

    private static final int BAR_COLUMNS = 40;

    /** How long the market lets an allocation's term run past its deal: 90 days. */
    private static final long TERM_BUFFER_EPOCHS = 90 * 2880;

    @Option(
        names = "--buckets",
        paramLabel = "N",
        defaultValue = "25",
        description = "Into how many spans (default ${DEFAULT-VALUE}).")
    int buckets;

    @Option(names = "--csv", description = "Print comma-separated values.")
    boolean csv;

    @Option(
        names = "--deal-terms",
        description = "Count into a span the sectors that a deal ending in it could go into.")
    boolean dealTerms;

    UpgradeBounds(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (buckets < 1) {
        throw new CommandFailed("--buckets " + buckets + " must be at least 1");
      }
      LongStream.Builder ends = LongStream.builder();
      eachActive(api, sector -> ends.add(number(sector, "Expiration")));
      long[] expirations = ends.build().sorted().toArray();
      if (expirations.length == 0) {
        return;
      }
      long first = expirations[0];
      long size = (expirations[expirations.length - 1] - first) / buckets;
      OptionalLong head = csv || json() ? OptionalLong.empty() : ChainHeight.ifKnown(api);
      long[] counts = counts(expirations, first, size);
      long most = 1;
      for (long count : counts) {
        most = Math.max(most, count);
      }
      if (csv && !json()) {
        out.println("Max Expiration in Bucket,Sector Count");
      }
      Table table = new Table("Bucket Expiration", "Sector Count", "Bar");
      for (int i = 0; i < buckets; i++) {
        long until = first + (i + 1) * size;
        if (json()) {
          printLine(
              out, mapper().createObjectNode().put("Expiration", until).put("Sectors", counts[i]));
        } else if (csv) {
          out.println(until + "," + counts[i]);
        } else {
          int full = (int) (counts[i] * BAR_COLUMNS / most);
          table.add(
              Format.epoch(until, head),
              paint().yellow(Long.toString(counts[i])),
              "[" + paint().green("|".repeat(full)) + " ".repeat(BAR_COLUMNS - full) + "]");
        }
      }
      if (!csv && !json()) {
        table.print(out);
      }
    }

    /** One more than is shown: the latest sector of all lies on the edge of the last span. */
    private long[] counts(long[] expirations, long first, long size) {
      long[] counts = new long[buckets + 1];
      for (int i = 0; i <= buckets; i++) {
        long from = first + i * size;
        long to = from + size + (dealTerms ? TERM_BUFFER_EPOCHS : 0);
        for (long expiration : expirations) {
          counts[i] += expiration >= from && expiration < to ? 1 : 0;
        }
      }
      return counts;
    }
  }
}
