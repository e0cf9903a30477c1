package io.selkie.cli;

import io.selkie.abi.BitField;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code sectors expired}: sectors that were on chain and are there no more. The chain is looked at
 * as of its head; the look back of 900 epochs only bounds which ones are old enough.
 */
@Command(
    name = "expired",
    description = "List sectors that ended on chain, and remove them if asked to.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors expired",
      "  selkie sectors expired --remove-expired"
    })
final class SectorsExpired extends ApiCommand {

  /** Until then the chain may still take back what it did (chain finality). */
  private static final long FINALITY_EPOCHS = 900;

  @Option(names = "--show-removed", description = "Show removed sectors too.")
  boolean showRemoved;

  @Option(names = "--remove-expired", description = "Remove them; asks for a confirmation first.")
  boolean remove;

  @Option(
      names = "--expired-epoch",
      paramLabel = "EPOCH",
      description = "Only what had expired by then (default: 900 epochs ago).")
  @Nullable Long expiredEpoch;

  @Option(
      names = "--confirm-remove-count",
      hidden = true,
      paramLabel = "N",
      description = "The confirmation: how many are removed.")
  @Nullable Long confirmed;

  SectorsExpired(CliEnvironment environment) {
    super(environment);
  }

  private record Ended(long number, JsonNode status) {}

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    long height = ChainHeight.of(api);
    if (confirmed != null && expiredEpoch == null) {
      throw new CommandFailed("--expired-epoch must be specified with --confirm-remove-count");
    }
    long epoch = expiredEpoch == null ? height - FINALITY_EPOCHS : expiredEpoch;
    if (epoch < 0) {
      throw new CommandFailed("too early to terminate sectors");
    }
    if (!json()) {
      out.println("Sector\tState\tExpiration");
    }
    List<Long> removable = new ArrayList<>();
    for (Long number : candidates(api)) {
      JsonNode status;
      try {
        status = api.call("SectorsStatus", number, true);
      } catch (CommandFailed e) {
        out.println(
            json()
                ? failed(number, String.valueOf(e.getMessage()))
                : number + ":\tError getting status: " + e.getMessage());
        continue;
      }
      if (status.path("Expiration").asLong(0) > epoch) {
        continue;
      }
      if (!SectorRow.text(status, "State").equals("Removed")) {
        removable.add(number);
      } else if (confirmed != null || !showRemoved) {
        continue;
      }
      print(new Ended(number, status), OptionalLong.of(height), out);
    }
    if (remove) {
      removeAll(api, removable, epoch, out);
    }
  }

  private static List<Long> candidates(Api api) throws CommandFailed {
    JsonNode sets = api.callSelkie("MinerSectorSets");
    BitField ended =
        NumberRanges.ofJson(sets.path("All"))
            .minus(NumberRanges.ofJson(sets.path("Live")))
            .minus(NumberRanges.ofJson(sets.path("Unproven")));
    for (JsonNode due : api.callSelkie("ChainPreCommits")) {
      ended = ended.minus(BitField.of(due.path("SectorNumber").asLong(0)));
    }
    BitField candidates = ended;
    return api.call("SectorsList")
        .valueStream()
        .map(JsonNode::longValue)
        .filter(number -> number >= 0 && candidates.contains(number))
        .sorted()
        .toList();
  }

  private void print(Ended ended, OptionalLong head, PrintWriter out) {
    long expiration = ended.status().path("Expiration").asLong(0);
    String state = SectorRow.text(ended.status(), "State");
    if (json()) {
      printLine(
          out,
          mapper()
              .createObjectNode()
              .put("ID", ended.number())
              .put("State", state)
              .put("Expiration", expiration));
    } else {
      out.println(ended.number() + "\t" + state + "\t" + Format.epoch(expiration, head));
    }
  }

  private static String failed(long number, String error) {
    ObjectNode line = mapper().createObjectNode().put("ID", number).put("Error", error);
    return line.toString();
  }

  private void removeAll(Api api, List<Long> removable, long epoch, PrintWriter out)
      throws CommandFailed {
    int count = removable.size();
    if (confirmed == null) {
      String again =
          "selkie sectors expired --remove-expired --confirm-remove-count="
              + count
              + " --expired-epoch="
              + epoch;
      if (json()) {
        printLine(out, mapper().createObjectNode().put("Removable", count).put("ToConfirm", again));
        return;
      }
      out.println();
      out.println(
          paint().yellow("All files of ")
              + paint().green(Integer.toString(count))
              + paint().yellow(" sectors listed above would be removed."));
      out.println(paint().yellow("To confirm, run:"));
      out.println();
      out.println(paint().red(again));
      return;
    }
    if (confirmed != count) {
      throw new CommandFailed(
          "value of confirm-remove-count doesn't match the number of sectors which can be removed"
              + " ("
              + count
              + ")");
    }
    if (!json()) {
      out.println();
    }
    for (Long number : removable) {
      String error = "";
      try {
        api.call("SectorRemove", number);
      } catch (CommandFailed e) {
        error = String.valueOf(e.getMessage());
      }
      if (json()) {
        printLine(out, mapper().createObjectNode().put("Removing", number).put("Error", error));
      } else {
        out.println(
            "Removing sector\t"
                + paint().yellow(number.toString())
                + ":\t"
                + (error.isEmpty() ? paint().green("OK") : paint().red("ERROR: " + error)));
      }
    }
  }
}
