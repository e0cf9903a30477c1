package io.selkie.cli;

import static java.util.stream.Collectors.toList;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sectors list}. */
@Command(
    name = "list",
    description = "List sectors.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors list --fast",
      "  selkie sectors list --states Proving,Available --seal-time",
      "  selkie sectors list --json"
    })
final class SectorsList extends ApiCommand {

  /** Quality multiplier of verified space (FIP-0003's ten, less the one of raw power). */
  private static final BigInteger VERIFIED_GAIN = BigInteger.valueOf(9);

  private static final Set<String> UPGRADE_STATES =
      Set.of(
          "SnapDealsWaitDeals",
          "SnapDealsAddPiece",
          "SnapDealsPacking",
          "UpdateReplica",
          "ProveReplicaUpdate",
          "SubmitReplicaUpdate",
          "WaitMutable",
          "SnapDealsAddPieceFailed",
          "SnapDealsDealsExpired",
          "SnapDealsRecoverDealIDs",
          "AbortUpgrade",
          "ReplicaUpdateFailed",
          "ReleaseSectorKeyFailed",
          "FinalizeReplicaUpdateFailed");

  @Option(
      names = {"-r", "--show-removed"},
      description = "Show removed sectors too.")
  boolean showRemoved;

  @Option(
      names = {"-f", "--fast"},
      description = "Leave out what only the chain knows.")
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
      description = "Only sectors in these states, removed ones included if named.")
  @Nullable List<String> states;

  @Option(
      names = {"-u", "--unproven"},
      description = "Only sectors that are neither Proving nor Available.")
  boolean unproven;

  @Option(
      names = "--check-parallelism",
      defaultValue = "300",
      description = "Sectors asked about at the same time (default ${DEFAULT-VALUE}).")
  int parallelism;

  SectorsList(CliEnvironment environment) {
    super(environment);
  }

  /** A sector's status, or why there is none. */
  private record Answer(long number, @Nullable JsonNode status, String error) {}

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    if (states != null && unproven) {
      throw new CommandFailed("only one of --states or --unproven can be specified at once");
    }
    if (parallelism < 1) {
      throw new CommandFailed("--check-parallelism " + parallelism + " must be at least 1");
    }
    List<Answer> answers = statuses(api, numbers(api));
    answers.removeIf(answer ->
        !showRemoved
            && states == null
            && answer.status() != null
            && text(answer.status(), "State").equals("Removed"));
    if (json()) {
      ArrayNode all = mapper().createArrayNode();
      answers.forEach(answer -> all.add(jsonRow(answer)));
      print(out, all);
    } else {
      table(answers, fast ? OptionalLong.empty() : ChainHeight.ifKnown(api)).print(out);
    }
  }

  private List<Long> numbers(Api api) throws CommandFailed {
    JsonNode found;
    if (states != null) {
      found = api.call("SectorsListInStates", states);
    } else if (unproven) {
      List<String> open =
          StateNames.VALID.stream()
              .filter(state -> !state.equals("Proving") && !state.equals("Available"))
              .toList();
      found = api.call("SectorsListInStates", open);
    } else {
      found = api.call("SectorsList");
    }
    List<Long> numbers = new ArrayList<>();
    found.forEach(number -> numbers.add(number.longValue()));
    numbers.sort(Comparator.naturalOrder());
    return numbers;
  }

  private List<Answer> statuses(Api api, List<Long> numbers) throws CommandFailed {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(parallelism, Thread.ofVirtual().factory())) {
      List<Future<Answer>> asked = new ArrayList<>();
      for (Long number : numbers) {
        asked.add(threads.submit(() -> status(api, number)));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> each : asked) {
        answers.add(each.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    } catch (ExecutionException e) {
      throw new CommandFailed("asking for the sectors: " + e.getMessage(), e);
    }
  }

  private Answer status(Api api, long number) {
    try {
      return new Answer(number, api.call("SectorsStatus", number, !fast), "");
    } catch (CommandFailed e) {
      return new Answer(number, null, String.valueOf(e.getMessage()));
    }
  }

  private Table table(List<Answer> answers, OptionalLong head) {
    Table table =
        new Table(
            "ID",
            "State",
            "OnChain",
            "Expiration",
            "SealTime",
            "Events",
            "Deals",
            "DealWeight",
            "VerifiedPower",
            "Pledge");
    for (Answer answer : answers) {
      JsonNode status = answer.status();
      if (status == null) {
        table.add(
            Map.of("ID", Long.toString(answer.number())), List.of("  Error: " + answer.error()));
        continue;
      }
      List<String> below = new ArrayList<>();
      long early = status.path("Early").asLong(0);
      if (early > 0) {
        below.add("  RecoveryTimeout: " + Format.epoch(early, head));
      }
      table.add(row(status, head), below);
    }
    return table;
  }

  private Map<String, String> row(JsonNode status, OptionalLong head) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("ID", status.path("SectorID").asString());
    row.put("State", text(status, "State"));
    row.put("Deals", deals(status));
    if (sealTime) {
      row.put("SealTime", sealTime(status));
    }
    if (events) {
      row.put("Events", Long.toString(eventCount(status)));
    }
    if (!fast) {
      boolean onChain = onChain(status);
      row.put("OnChain", onChain ? "YES" : "NO");
      row.put("Expiration", onChain ? Format.epoch(expiration(status), head) : "n/a");
      if (marketDeals(status) > 0) {
        weights(status, row);
      }
      if (initialPledge && onChain) {
        row.put("Pledge", Format.shortFil(text(status, "InitialPledge")));
      }
    }
    return row;
  }

  private ObjectNode jsonRow(Answer answer) {
    ObjectNode row = mapper().createObjectNode();
    row.put("ID", answer.number());
    JsonNode status = answer.status();
    if (status == null) {
      return row.put("Error", answer.error());
    }
    row.put("State", text(status, "State"));
    if (!fast) {
      row.put("OnChain", onChain(status));
      row.put("Expiration", onChain(status) ? expiration(status) : 0);
      row.put("InitialPledge", text(status, "InitialPledge"));
    }
    row.put("Events", eventCount(status));
    row.put("SealTime", sealTime(status));
    row.put("Deals", deals(status));
    return row;
  }

  private static String text(JsonNode status, String member) {
    return status.path(member).asString("");
  }

  private static boolean onChain(JsonNode status) {
    return status.path("Expiration").asLong(0) > 0;
  }

  private static long expiration(JsonNode status) {
    long expiration = status.path("Expiration").asLong(0);
    long onTime = status.path("OnTime").asLong(0);
    return onTime > 0 && onTime < expiration ? onTime : expiration;
  }

  private static long marketDeals(JsonNode status) {
    return status.path("Deals").valueStream().filter(deal -> deal.asLong(0) != 0).count();
  }

  private static String deals(JsonNode status) {
    long market = marketDeals(status);
    if (market > 0) {
      return Long.toString(market);
    }
    long direct =
        status
            .path("Pieces")
            .valueStream()
            .filter(piece -> piece.path("DealInfo").path("PieceActivationManifest").isObject())
            .count();
    return direct > 0 ? "DDO:" + direct : "CC";
  }

  private static long eventCount(JsonNode status) {
    return status
        .path("Log")
        .valueStream()
        .filter(line -> text(line, "Kind").startsWith("event"))
        .count();
  }

  private static String sealTime(JsonNode status) {
    List<JsonNode> log = status.path("Log").valueStream().collect(toList());
    return log.stream()
        .filter(line -> text(line, "Kind").equals("event;sealing.SectorProving"))
        .findFirst()
        .map(end -> end.path("Timestamp").asLong() - log.getFirst().path("Timestamp").asLong())
        .map(seconds -> Format.goDuration(Duration.ofSeconds(seconds)))
        .orElse("");
  }

  /** From the chain's weights or, in brackets, from the pieces where the chain has none yet. */
  private static void weights(JsonNode status, Map<String, String> row) {
    long life = status.path("Expiration").asLong(0) - status.path("Activation").asLong(0);
    boolean estimated = life <= 0 || UPGRADE_STATES.contains(text(status, "State"));
    BigInteger weight = BigInteger.ZERO;
    BigInteger verified = BigInteger.ZERO;
    if (estimated) {
      for (JsonNode piece : status.path("Pieces")) {
        if (piece.path("DealInfo").isObject()) {
          BigInteger size = BigInteger.valueOf(piece.path("Piece").path("Size").asLong(0));
          weight = weight.add(size);
          if (piece.path("DealInfo").path("DealProposal").path("VerifiedDeal").asBoolean(false)) {
            verified = verified.add(size);
          }
        }
      }
    } else {
      BigInteger epochs = BigInteger.valueOf(life);
      BigInteger verifiedWeight = new BigInteger(text(status, "VerifiedDealWeight"));
      verified = verifiedWeight.divide(epochs);
      weight = new BigInteger(text(status, "DealWeight")).add(verifiedWeight).divide(epochs);
    }
    BigInteger power = verified.multiply(VERIFIED_GAIN);
    row.put("DealWeight", bracketed(Format.compactSize(weight), estimated));
    if (power.signum() > 0) {
      row.put("VerifiedPower", bracketed(Format.compactSize(power), estimated));
    }
  }

  private static String bracketed(String text, boolean estimated) {
    return estimated ? "[" + text + "]" : text;
  }
}
