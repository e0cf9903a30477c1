package io.selkie.node.recovery;

import io.selkie.node.console.Output;
import io.selkie.node.repo.Repo;
import io.selkie.rpc.api.DoctorFilter;
import io.selkie.rpc.api.DoctorReport;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts a backup into a repository. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Puts a backup into a repository whose node does not run, and says what has changed since.",
      "The backup is verified first. A chain that is there goes on: what the backup does not know",
      "of it the doctor finds. Nothing is deleted."
    },
    footer = {
      "",
      "Examples:",
      "  selkie restore --from /mnt/usb/b1 --repo /srv/miner",
      "  selkie restore --from /mnt/usb/b1 --repo /srv/miner --replace"
    })
public final class RestoreCommand implements Callable<Integer> {

  @Option(
      names = "--from",
      paramLabel = "BACKUP",
      required = true,
      description = "the backup's directory, or a copy of the journal made by CreateBackup")
  private Path from = Path.of("");

  @Option(names = "--repo", paramLabel = "DIR", required = true, description = "the repository")
  private Path repo = Path.of("");

  @Option(names = "--replace", description = "move aside what is in the way")
  private boolean replace;

  @Option(
      names = "--chain-too",
      description = "roll a devnet's chain back as well; without it a chain that is there goes on")
  private boolean chainToo;

  @Option(names = "--json", description = "one JSON object: what was done, the doctor's report")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path root = repo.toAbsolutePath().normalize();
    List<String> told =
        Files.isRegularFile(from)
            ? RestoreRun.runJournal(from, root, replace, Instant.now())
            : RestoreRun.run(from, root, replace, chainToo, Instant.now());
    if (!json) {
      told.forEach(out::println);
    }
    try (Repo locked = OfflineRepo.lock(repo);
        OfflineRepo offline = OfflineRepo.open(locked, locked.journal())) {
      DoctorReport report = offline.doctor().look(DoctorFilter.ALL);
      if (json) {
        out.println(
            "{\"Done\":" + Output.toJson(told) + ",\"Doctor\":" + DoctorView.json(report) + "}");
        out.flush();
        return 0;
      }
      out.println();
      if (report.findings().isEmpty()) {
        out.println("Nothing has changed since the backup was made.");
      } else {
        out.println("Since the backup was made:");
        DoctorView.print(out, report);
        if (!report.plan().isEmpty()) {
          out.println("Before the node starts: selkie doctor --repo " + locked.root() + " --apply");
        }
      }
      out.flush();
    }
    return 0;
  }
}
