package io.selkie.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code info}: the node at a glance. What a node does not tell is left out. */
@Command(
    name = "info",
    description = "Show the node at a glance.",
    footer = {"", "Example:", "  selkie info"})
final class MinerInfo extends ApiCommand {

  private static final int PERCENT_DECIMALS = 4;

  @Option(names = "--hide-sectors-info", description = "Leave the sectors out.")
  boolean hideSectors;

  MinerInfo(CliEnvironment environment) {
    super(environment);
  }

  private interface Question {
    JsonNode ask() throws CommandFailed;
  }

  private static Optional<JsonNode> ifTold(Question question) {
    try {
      return Optional.of(question.ask());
    } catch (CommandFailed _) {
      return Optional.empty();
    }
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    JsonNode subsystems = api.call("RuntimeSubsystems");
    JsonNode started = api.call("StartTime");
    JsonNode address = api.call("ActorAddress");
    JsonNode size = api.call("ActorSectorSize", address.asString());
    Optional<JsonNode> onChain = ifTold(() -> api.callSelkie("MinerOnChain"));
    Optional<JsonNode> alerts = ifTold(() -> api.call("LogAlerts"));
    Optional<JsonNode> workers = ifTold(() -> api.call("WorkerStats"));
    JsonNode summary = hideSectors ? mapper().createObjectNode() : api.call("SectorsSummary");
    if (json()) {
      ObjectNode info = mapper().createObjectNode();
      info.set("Subsystems", subsystems);
      info.set("StartTime", started);
      info.set("Miner", address);
      info.set("SectorSize", size);
      ChainHeight.ifKnown(api).ifPresent(height -> info.put("ChainHeight", height));
      onChain.ifPresent(told -> info.set("OnChain", told));
      alerts.ifPresent(told -> info.set("Alerts", told));
      info.set("Sectors", summary);
      info.set("Storage", storage(api));
      print(out, info);
      return;
    }
    String names =
        subsystems.valueStream().map(JsonNode::asString).collect(Collectors.joining(" "));
    out.println("Enabled subsystems: [" + names + "]");
    out.println("StartTime: " + sinceStart(started.asString()));
    out.println("Chain: " + chain(api, onChain.orElse(null)));
    alerts.ifPresent(told -> printAlerts(told, out));
    out.println(
        "Miner: "
            + paint().blue(address.asString())
            + " ("
            + Format.size(size.asLong(0))
            + " sectors)");
    onChain.ifPresent(told -> {
      printPower(told, out);
      printFunds(told, out);
    });
    if (!hideSectors) {
      printSectors(summary, out);
    }
    onChain.ifPresent(told -> printDeals(told, out));
    printStorage(storage(api), out);
    workers.ifPresent(told -> printWorkers(told, out));
  }

  private String sinceStart(String started) throws CommandFailed {
    try {
      Instant start = Instant.parse(started);
      Duration running = Duration.between(start, environment.clock().instant());
      return Format.goDuration(running)
          + " (started at "
          + Format.goTime(start.getEpochSecond(), environment.clock().getZone())
          + ")";
    } catch (DateTimeParseException e) {
      throw new CommandFailed("the node's start time is no time: '" + started + "'", e);
    }
  }

  private String chain(Api api, @Nullable JsonNode onChain) throws CommandFailed {
    if (onChain == null) {
      return ChainHeight.ifKnown(api).stream()
          .mapToObj(height -> "[epoch " + height + "]")
          .findFirst()
          .orElse("not known");
    }
    long blockDelayS = Math.max(1, api.call("Version").path("BlockDelay").asLong(Format.EPOCH_S));
    Instant head = Instant.parse(onChain.path("HeadTime").asString());
    Duration behind = Duration.between(head, environment.clock().instant());
    String delay = Format.goDuration(behind);
    String sync;
    if (behind.toMillis() < blockDelayS * 1500) {
      sync = paint().green("sync ok");
    } else if (behind.toSeconds() < blockDelayS * 5) {
      sync = paint().yellow("sync slow (" + delay + " behind)");
    } else {
      sync = paint().red("sync behind! (" + delay + " behind)");
    }
    return "[" + sync + "] [epoch " + onChain.path("Height").asString() + "]";
  }

  private void printAlerts(JsonNode alerts, PrintWriter out) {
    long active =
        alerts.valueStream().filter(alert -> alert.path("Active").asBoolean(false)).count();
    if (active > 0) {
      out.println(
          paint().red("\u26a0 " + active + " Active alerts")
              + " (check "
              + paint().yellow("selkie log alerts")
              + ")");
    }
  }

  private static BigInteger amount(JsonNode node, String member) {
    return new BigInteger(node.path(member).asString("0"));
  }

  private static String percent(BigInteger part, BigInteger whole) {
    if (whole.signum() == 0) {
      return "0%";
    }
    return new BigDecimal(part)
            .multiply(BigDecimal.valueOf(100))
            .divide(new BigDecimal(whole), PERCENT_DECIMALS, RoundingMode.HALF_EVEN)
            .toPlainString()
        + "%";
  }

  private void printPower(JsonNode miner, PrintWriter out) {
    BigInteger quality = amount(miner, "QualityAdjPower");
    BigInteger allQuality = amount(miner, "TotalQualityAdjPower");
    BigInteger raw = amount(miner, "RawBytePower");
    BigInteger allRaw = amount(miner, "TotalRawBytePower");
    BigInteger size = amount(miner, "SectorSize");
    long faulty = miner.path("FaultySectors").asLong(0);
    long live = miner.path("LiveSectors").asLong(0);
    long proving = miner.path("ActiveSectors").asLong(0) + faulty;
    out.println(
        "Power: "
            + paint().green(Format.power(quality))
            + " / "
            + Format.power(allQuality)
            + " ("
            + percent(quality, allQuality)
            + ")");
    out.println(
        "\tRaw: "
            + paint().blue(Format.size(raw))
            + " / "
            + Format.size(allRaw)
            + " ("
            + percent(raw, allRaw)
            + ")");
    out.println("\tCommitted: " + Format.size(size.multiply(BigInteger.valueOf(live))));
    String faults = "";
    if (faulty > 0) {
      BigDecimal share =
          BigDecimal.valueOf(100 * faulty)
              .divide(BigDecimal.valueOf(Math.max(1, live)), 2, RoundingMode.HALF_EVEN);
      faults =
          " ("
              + Format.size(size.multiply(BigInteger.valueOf(faulty)))
              + " Faulty, "
              + share.toPlainString()
              + "%)";
    }
    out.println("\tProving: " + Format.size(size.multiply(BigInteger.valueOf(proving))) + faults);
  }

  private void printFunds(JsonNode miner, PrintWriter out) {
    BigInteger available = amount(miner, "Available");
    BigInteger market = amount(miner, "MarketBalance").subtract(amount(miner, "MarketLocked"));
    BigInteger worker = amount(miner, "WorkerBalance");
    out.println();
    out.println("Miner Balance:    " + paint().yellow(fil(amount(miner, "Balance"))));
    out.println("      PreCommit:  " + fil(amount(miner, "PreCommitDeposits")));
    out.println("      Pledge:     " + fil(amount(miner, "InitialPledge")));
    out.println("      Vesting:    " + fil(amount(miner, "Vesting")));
    out.println(coloured("      Available:  ", available));
    out.println("Market Balance:   " + fil(amount(miner, "MarketBalance")));
    out.println("       Locked:    " + fil(amount(miner, "MarketLocked")));
    out.println(coloured("       Available: ", market));
    out.println(paint().cyan("Worker Balance:   " + fil(worker)));
    out.println(coloured("Total Spendable:  ", available.add(market).add(worker)));
    out.println();
  }

  private static String fil(BigInteger attoFil) {
    return Format.shortFil(attoFil.toString());
  }

  private String coloured(String label, BigInteger amount) {
    String text = label + fil(amount);
    if (amount.signum() == 0) {
      return paint().yellow(text);
    }
    return amount.signum() > 0 ? paint().green(text) : paint().red(text);
  }

  private void printSectors(JsonNode summary, PrintWriter out) {
    Map<String, Long> counts = new TreeMap<>(StateNames.displayOrder());
    summary.properties().forEach(each -> counts.put(each.getKey(), each.getValue().asLong(0)));
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    out.println("Sectors:");
    out.println("\tTotal: " + total);
    counts.forEach(
        (state, n) -> out.println(paint().in(StateNames.colour(state), "\t" + state + ": " + n)));
  }

  private static void printDeals(JsonNode miner, PrintWriter out) {
    out.println("Deals:");
    for (String kind : List.of("Active", "Waiting")) {
      out.println(
          "\t"
              + kind
              + ": "
              + miner.path(kind + "Deals").asString()
              + ", "
              + Format.size(miner.path(kind + "DealBytes").asLong(0)));
    }
  }

  /** Every path with its room and its use; empty where the node does not tell. */
  private static JsonNode storage(Api api) {
    ObjectNode paths = mapper().createObjectNode();
    ifTold(() -> api.call("StorageLocal"))
        .ifPresent(local -> {
          for (String id : local.propertyNames()) {
            ObjectNode path = paths.putObject(id);
            ifTold(() -> api.call("StorageStat", id)).ifPresent(stat -> path.set("Stat", stat));
            ifTold(() -> api.call("StorageInfo", id)).ifPresent(info -> path.set("Info", info));
          }
        });
    return paths;
  }

  private static void printStorage(JsonNode paths, PrintWriter out) {
    if (paths.isEmpty()) {
      return;
    }
    out.println("Storage:");
    paths
        .properties()
        .forEach(path -> {
          JsonNode stat = path.getValue().path("Stat");
          JsonNode info = path.getValue().path("Info");
          long capacity = stat.path("Capacity").asLong(0);
          long used = capacity - stat.path("FSAvailable").asLong(0);
          out.println(
              "\t"
                  + path.getKey()
                  + ": "
                  + Format.size(used)
                  + "/"
                  + Format.size(capacity)
                  + " "
                  + (capacity == 0 ? 0 : 100 * used / capacity)
                  + "%;"
                  + (info.path("CanSeal").asBoolean(false) ? " Seal" : "")
                  + (info.path("CanStore").asBoolean(false) ? " Store" : ""));
        });
  }

  private static void printWorkers(JsonNode workers, PrintWriter out) {
    long window = 0;
    long winning = 0;
    long sealing = 0;
    for (JsonNode worker : workers) {
      String first = worker.path("Tasks").path(0).asString("");
      window += first.equals("post/v0/windowproof") ? 1 : 0;
      winning += first.equals("post/v0/winningproof") ? 1 : 0;
      sealing += first.startsWith("post/") ? 0 : 1;
    }
    out.println("Workers: Seal(" + sealing + ") WdPoSt(" + window + ") WinPoSt(" + winning + ")");
  }
}
