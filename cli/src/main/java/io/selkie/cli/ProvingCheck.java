package io.selkie.cli;

import io.selkie.abi.BitField;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WireSectorId;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code proving check}: whether the sectors of a deadline could be proven now. */
@Command(
    name = "check",
    description = "Check whether the sectors of a deadline could be proven.",
    footer = {"", "Example:", "  selkie proving check 3 --only-bad"})
final class ProvingCheck extends ApiCommand {

  /** The window proof V1_1 of the smallest sectors; the others follow in order of size. */
  private static final int FIRST_WINDOW_PROOF = 10;

  private static final int SIZES = 5;

  @Parameters(paramLabel = "DEADLINE", description = "The deadline, from 0.")
  String index = "";

  @Option(names = "--only-bad", description = "Show bad sectors only.")
  boolean onlyBad;

  @Option(
      names = "--slow",
      description = "Accepted for compatibility: Selkie's check always reads the sectors.")
  boolean slow;

  @Option(
      names = "--storage-id",
      paramLabel = "ID",
      description = "Only sectors with files in this storage path.")
  @Nullable String storageId;

  @Option(names = "--faulty", description = "Only sectors that the chain holds for faulty.")
  boolean faulty;

  ProvingCheck(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    JsonNode deadline = ProvingCommands.deadline(api, index);
    Map<Long, Long> proofs = new HashMap<>();
    api.eachChainSector(sector ->
        proofs.put(sector.path("SectorNumber").asLong(), sector.path("SealProof").asLong()));
    long miner = StorageCommands.minerOf(api);
    Optional<BitField> stored = stored(api);
    TabTable table = new TabTable();
    table.add("deadline", "partition", "sector", "status");
    for (JsonNode partition : deadline.path("Partitions")) {
      BitField chosen = ProvingCommands.sectors(partition, faulty ? "Faulty" : "Live");
      BitField checked = stored.map(chosen::intersect).orElse(chosen);
      Map<Long, String> bad = bad(api, miner, checked, proofs);
      for (BitField.Run run : checked.runs()) {
        for (long sector = run.from(); sector < run.to(); sector++) {
          report(partition, sector, bad.get(sector), table, out);
        }
      }
    }
    if (!json()) {
      table.print(out);
    }
  }

  private void report(
      JsonNode partition, long sector, @Nullable String reason, TabTable table, PrintWriter out) {
    if (reason == null && onlyBad) {
      return;
    }
    if (json()) {
      printLine(
          out,
          mapper()
              .createObjectNode()
              .put("Deadline", Long.parseLong(index))
              .put("Partition", partition.path("Index").asLong(0))
              .put("Sector", sector)
              .put("Good", reason == null)
              .put("Reason", reason == null ? "" : reason));
      return;
    }
    String status =
        reason == null ? paint().green("good") : paint().red("bad") + " (" + reason + ")";
    table.add(index, partition.path("Index").asString(), sector, status);
  }

  private static Map<Long, String> bad(
      Api api, long miner, BitField sectors, Map<Long, Long> proofs) throws CommandFailed {
    List<SectorRef> refs = new ArrayList<>();
    int size = 0;
    for (BitField.Run run : sectors.runs()) {
      for (long sector = run.from(); sector < run.to(); sector++) {
        long proof = proofs.getOrDefault(sector, 0L);
        size = (int) (proof % SIZES);
        refs.add(new SectorRef(new WireSectorId(miner, sector), proof));
      }
    }
    Map<Long, String> bad = new HashMap<>();
    if (!refs.isEmpty()) {
      JsonNode answer = api.call("CheckProvable", FIRST_WINDOW_PROOF + size, refs);
      answer
          .properties()
          .forEach(each -> bad.put(Long.parseLong(each.getKey()), each.getValue().asString("")));
    }
    return bad;
  }

  private Optional<BitField> stored(Api api) throws CommandFailed {
    if (storageId == null) {
      return Optional.empty();
    }
    long[] numbers =
        api.call("StorageList")
            .path(storageId)
            .valueStream()
            .mapToLong(each -> each.path("Number").asLong(0))
            .toArray();
    return Optional.of(BitField.of(numbers));
  }
}
