package io.selkie.cli;

import java.io.PrintWriter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sectors status}. */
@Command(
    name = "status",
    description = "Show everything known of a sector.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors status 7 --log",
      "  selkie sectors status 7 --on-chain-info",
      "  selkie sectors status 7 --json"
    })
final class SectorsStatus extends ApiCommand {

  private static final List<String> PARTITION_SETS =
      List.of("Unproven", "Live", "Active", "Faulty", "Recovering");

  @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
  String number = "";

  @Option(
      names = {"-l", "--log"},
      description = "Show the sector's log.")
  boolean log;

  @Option(
      names = {"-c", "--on-chain-info"},
      description = "Ask the chain too.")
  boolean onChainInfo;

  @Option(
      names = {"-p", "--partition-info"},
      description = "Show the partition it is proven in.")
  boolean partitionInfo;

  @Option(names = "--proof", description = "Show the proof, in hexadecimal.")
  boolean proof;

  SectorsStatus(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    JsonNode status = api.call("SectorsStatus", sectorNumber(number, ""), onChainInfo);
    if (json()) {
      print(out, partitionInfo ? withPartition(api, status) : status);
      return;
    }
    printRecord(status, out);
    printManifests(status, out);
    if (onChainInfo) {
      if (status.path("Expiration").asLong(0) == 0) {
        out.println("Sector status not found on chain");
        return;
      }
      printOnChain(status, ChainHeight.ifKnown(api), out);
      out.println(
          "SectorID:\t\t{Miner: "
              + StorageCommands.minerOf(api)
              + ", Number: "
              + status.path("SectorID").asString()
              + "}");
    }
    if (partitionInfo) {
      printPartition(place(api, status), status.path("SectorID").longValue(), out);
    }
    if (log) {
      printLog(status, out);
    }
  }

  /** The deadline and the partition that a sector was put into. */
  private record Place(JsonNode deadline, JsonNode partition) {}

  private static Optional<Place> place(Api api, JsonNode status) throws CommandFailed {
    long number = status.path("SectorID").longValue();
    for (JsonNode deadline : api.callSelkie("ProvingDeadlines")) {
      for (JsonNode partition : deadline.path("Partitions")) {
        if (number >= 0 && ProvingCommands.sectors(partition, "All").contains(number)) {
          return Optional.of(new Place(deadline, partition));
        }
      }
    }
    return Optional.empty();
  }

  private static void printPartition(Optional<Place> place, long number, PrintWriter out) {
    out.println();
    if (place.isEmpty()) {
      out.println("Not found in any partition");
      return;
    }
    JsonNode partition = place.get().partition();
    out.println("Deadline:\t" + place.get().deadline().path("Index").asString());
    out.println("Partition:\t" + partition.path("Index").asString());
    for (String set : PARTITION_SETS) {
      boolean in = ProvingCommands.sectors(partition, set).contains(number);
      out.println(set + ":   \t" + (in ? "yes" : "no"));
    }
  }

  /** The status with one more member, {@code Place}: null off chain. */
  private static ObjectNode withPartition(Api api, JsonNode status) throws CommandFailed {
    ObjectNode told = status.deepCopy().asObject();
    Optional<Place> place = place(api, status);
    if (place.isEmpty()) {
      return told.putNull("Place");
    }
    ObjectNode at = told.putObject("Place");
    at.set("Deadline", place.get().deadline().path("Index"));
    at.set("Partition", place.get().partition().path("Index"));
    for (String set : PARTITION_SETS) {
      at.put(
          set,
          ProvingCommands.sectors(place.get().partition(), set)
              .contains(status.path("SectorID").longValue()));
    }
    return told;
  }

  private void printRecord(JsonNode status, PrintWriter out) {
    out.println("SectorID:\t" + status.path("SectorID").asString());
    out.println("Status:\t\t" + status.path("State").asString());
    out.println("CIDcommD:\t" + cid(status.path("CommD")));
    out.println("CIDcommR:\t" + cid(status.path("CommR")));
    out.println("Ticket:\t\t" + hex(status.path("Ticket").path("Value")));
    out.println("TicketH:\t" + status.path("Ticket").path("Epoch").asString());
    out.println("Seed:\t\t" + hex(status.path("Seed").path("Value")));
    out.println("SeedH:\t\t" + status.path("Seed").path("Epoch").asString());
    out.println("Precommit:\t" + cid(status.path("PreCommitMsg")));
    out.println("Commit:\t\t" + cid(status.path("CommitMsg")));
    if (proof) {
      out.println("Proof:\t\t" + hex(status.path("Proof")));
    }
    out.println(
        "Deals:\t\t["
            + status
                .path("Deals")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.joining(" "))
            + "]");
    out.println("Retries:\t" + status.path("Retries").asString());
    String lastError = status.path("LastErr").asString("");
    if (!lastError.isEmpty()) {
      out.println("Last Error:\t\t" + lastError);
    }
    out.println();
    out.println("Expiration Info");
    out.println("OnTime:\t\t" + status.path("OnTime").asString());
    out.println("Early:\t\t" + status.path("Early").asString());
  }

  private static void printManifests(JsonNode status, PrintWriter out) {
    int at = 0;
    boolean first = true;
    for (JsonNode piece : status.path("Pieces")) {
      JsonNode manifest = piece.path("DealInfo").path("PieceActivationManifest");
      if (manifest.isObject()) {
        if (first) {
          out.println();
          out.println("Piece Activation Manifests");
          first = false;
        }
        printManifest(at, manifest, out);
      }
      at++;
    }
  }

  private static void printManifest(int at, JsonNode manifest, PrintWriter out) {
    JsonNode key = manifest.path("VerifiedAllocationKey");
    String allocation =
        key.isObject()
            ? "&{Client:" + key.path("Client").asString() + " ID:" + key.path("ID").asString() + "}"
            : "<nil>";
    out.println(
        "Piece "
            + at
            + ": "
            + cid(manifest.path("CID"))
            + " "
            + Format.size(manifest.path("Size").asLong(0))
            + " verif-alloc:"
            + allocation);
    int line = 0;
    for (JsonNode notify : manifest.path("Notify")) {
      out.println(
          "\tNotify "
              + line++
              + ": "
              + notify.path("Address").asString()
              + " ("
              + hex(notify.path("Payload"))
              + ")");
    }
  }

  private static void printOnChain(JsonNode status, OptionalLong head, PrintWriter out)
      throws CommandFailed {
    out.println();
    out.println("Sector On Chain Info");
    out.println("SealProof:\t\t" + Long.toHexString(status.path("SealProof").asLong(0)));
    out.println("Activation:\t\t" + Format.epoch(status.path("Activation").asLong(0), head));
    out.println("Expiration:\t\t" + Format.epoch(status.path("Expiration").asLong(0), head));
    out.println("DealWeight:\t\t" + status.path("DealWeight").asString());
    out.println("VerifiedDealWeight:\t\t" + status.path("VerifiedDealWeight").asString());
    out.println("InitialPledge:\t\t" + Format.fil(status.path("InitialPledge").asString("0")));
  }

  private void printLog(JsonNode status, PrintWriter out) {
    out.println("--------");
    out.println("Event Log:");
    int line = 0;
    for (JsonNode entry : status.path("Log")) {
      String time = Format.goTime(entry.path("Timestamp").asLong(0), environment.clock().getZone());
      out.println(
          line++
              + ".\t"
              + time
              + ":\t["
              + entry.path("Kind").asString()
              + "]\t"
              + entry.path("Message").asString());
      String trace = entry.path("Trace").asString("");
      if (!trace.isEmpty()) {
        out.println("\t" + trace);
      }
    }
  }

  private static String cid(JsonNode link) {
    return link.path("/").asString("<nil>");
  }

  private static String hex(JsonNode base64) {
    return base64.isString()
        ? HexFormat.of().formatHex(Base64.getDecoder().decode(base64.asString()))
        : "";
  }
}
