package io.selkie.node.recovery;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.node.console.Output;
import io.selkie.node.repo.Repo;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.recovery.Diagnosis;
import io.selkie.pipeline.recovery.SectorEvidence;
import io.selkie.rpc.api.DoctorFilter;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a lost journal again. */
@Command(
    name = "rebuild",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a lost journal again from the chain and the storage paths.",
      "Every sector that is on chain or on disk gets a record, in the state in which it goes on by",
      "itself; what nobody knows any more is said for each. A backup is better: see 'restore'.",
      "Refused while there is a journal that can be read. Nothing is deleted."
    },
    footer = {"", "Examples:", "  selkie rebuild --repo /srv/miner"})
public final class RebuildCommand implements Callable<Integer> {

  static final String WHY = "the journal was lost; made again from chain and disk";

  @Option(names = "--repo", paramLabel = "DIR", description = "the miner's directory")
  private @Nullable Path repo;

  @Option(names = "--replace", description = "move a journal that can be read aside")
  private boolean replace;

  @Option(names = "--json", description = "one JSON object: what was done")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Path defaultRepo;

  public RebuildCommand(Path defaultRepo) {
    this.defaultRepo = defaultRepo;
  }

  @Override
  public Integer call() throws Exception {
    List<String> told = new ArrayList<>();
    Instant now = Instant.now();
    Path root = (repo == null ? defaultRepo : repo).toAbsolutePath().normalize();
    try (Repo locked = OfflineRepo.lock(root)) {
      Path journal = root.resolve("datastore").resolve("journal.db");
      List<Path> old = RestoreRun.database(journal);
      if (!old.isEmpty() && !replace) {
        refuseReadable(journal);
      }
      Path staging = root.resolve("datastore").resolve("rebuilding");
      OwnerFiles.createDirectories(staging);
      for (Path leftover : RestoreRun.database(staging.resolve("journal.db"))) {
        Files.delete(leftover);
      }
      try (OfflineRepo offline = OfflineRepo.open(locked, staging.resolve("journal.db"))) {
        told.addAll(rebuild(offline, now));
      }
      Path aside = RestoreRun.asideOf(root, now);
      for (Path file : old) {
        RestoreRun.moveAside(root, aside, file);
      }
      if (!old.isEmpty()) {
        told.add("The journal that was there is in " + aside);
      }
      OwnerFiles.rename(staging.resolve("journal.db"), journal);
      Files.delete(staging);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println("{\"Done\":" + Output.toJson(told) + "}");
    } else {
      told.forEach(out::println);
      out.println("Now: selkie doctor --repo " + root + "; then start the node.");
    }
    out.flush();
    return 0;
  }

  /** A journal with a flaw is better mended, or restored, than made again with less in it. */
  private static void refuseReadable(Path journal) throws IOException {
    try {
      SqliteJournal.open(journal).close();
    } catch (IOException unreadable) {
      return;
    }
    throw new IOException(
        journal
            + " can be read: 'selkie doctor' mends single records; with --replace it is moved aside"
            + " and made again all the same");
  }

  private static List<String> rebuild(OfflineRepo offline, Instant now)
      throws IOException, ChainFault {
    RecoverySite site = offline.site();
    if (site.chain().isEmpty()) {
      throw new IOException(
          "without the chain nothing can be made again, for used numbers would be given out anew: "
              + site.chainTrouble());
    }
    // The chain may know no such miner, if it is another one than it was.
    site.chain().get().minerInfo(site.miner());
    EvidenceReader.Seen seen = EvidenceReader.read(site, DoctorFilter.ALL);
    RecordRebuilder rebuilder = new RecordRebuilder(site);
    List<String> told = new ArrayList<>();
    int records = 0;
    for (SectorEvidence sector : seen.sectors()) {
      offline.allocate(new SectorId(site.miner(), sector.number()));
      Optional<String> state = Diagnosis.stateWithoutRecord(sector);
      if (state.isPresent()) {
        told.add(rebuild(offline, rebuilder, sector, state.get()));
        records++;
      }
    }
    seen.notes().forEach(note -> told.add("not looked at: " + note));
    told.add(records + " records made at " + now + ", " + seen.sectors().size() + " numbers used");
    return told;
  }

  private static String rebuild(
      OfflineRepo offline, RecordRebuilder rebuilder, SectorEvidence sector, String state)
      throws IOException, ChainFault {
    SectorNumber number = sector.number();
    RecordRebuilder.Rebuilt rebuilt =
        rebuilder.rebuild(number, state, Optional.empty(), sector.files());
    offline.rebuild(rebuilt.record(), WHY);
    return "sector "
        + number
        + ": "
        + state
        + (rebuilt.unknown().isEmpty()
            ? ""
            : "; not known: " + String.join(", ", rebuilt.unknown()));
  }
}
