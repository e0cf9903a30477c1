package io.selkie.node.recovery;

import io.selkie.abi.Address;
import io.selkie.node.repo.Repo;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.BackupReport;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.json.WireJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Backs a repository up. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Backs a repository up into a new directory, and verifies it as it is written.",
      "In it are the journal, the devnet's chain, configuration, keys and the list and descriptions",
      "of storage paths; sector files are not.",
      "A running node writes below its repository, in backups/; --to is a name there then."
    },
    footer = {
      "",
      "Examples:",
      "  selkie backup --to before-upgrade                 the running node",
      "  selkie backup --repo /srv/miner --to /mnt/usb/b1  while the node does not run",
      "  selkie backup --verify /mnt/usb/b1"
    })
public final class BackupCommand implements Callable<Integer> {

  @Option(names = "--repo", paramLabel = "DIR", description = "the miner's directory")
  private @Nullable Path repo;

  @Option(names = "--json", description = "print the report as JSON")
  private boolean json;

  @ArgGroup(multiplicity = "1")
  private Task task = new Task();

  /** One of the two. */
  static final class Task {
    @Option(names = "--to", paramLabel = "DIR", description = "the new directory")
    private @Nullable String to;

    @Option(names = "--verify", paramLabel = "DIR", description = "read a backup, write nothing")
    private @Nullable Path verify;
  }

  @Spec private CommandSpec spec;

  private final Path defaultRepo;
  private final Optional<String> minerApiInfo;

  public BackupCommand(Path defaultRepo, Optional<String> minerApiInfo) {
    this.defaultRepo = defaultRepo;
    this.minerApiInfo = minerApiInfo;
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws Exception {
    BackupReport report;
    if (task.verify != null) {
      report = BackupView.report(task.verify, RepoBackup.verify(task.verify));
    } else if (task.to != null) {
      report = write(task.to);
    } else {
      throw new IllegalStateException("neither --to nor --verify");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new WireJson(Address.Network.TESTNET).text(report));
    } else {
      out.print(BackupView.text(report));
      out.println("Verified: every byte is as it was written.");
    }
    out.flush();
    return 0;
  }

  private BackupReport write(String to) throws IOException, InterruptedException {
    RunningNode found = RunningNode.find(repo, minerApiInfo, defaultRepo);
    if (found.node().isPresent()) {
      try (JsonRpcClient client = found.client()) {
        return client.call(BackupReport.class, "Selkie.BackupCreate", to);
      } catch (RpcFault refused) {
        throw new IOException(refused.text(), refused);
      }
    }
    try (Repo locked = OfflineRepo.lock(found.repo());
        OfflineRepo offline = OfflineRepo.open(locked, locked.journal())) {
      Path target = Path.of(to).toAbsolutePath().normalize();
      return BackupView.report(
          target,
          RepoBackup.write(
              locked.root(), offline.journal(), offline.chain(), target, Instant.now()));
    }
  }
}
