package io.selkie.node.recovery;

import io.selkie.node.repo.Repo;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DoctorFilter;
import io.selkie.rpc.api.DoctorReport;
import io.selkie.rpc.client.JsonRpcClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares journal, disk and chain. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Compares journal, disk and chain, and says what does not fit and what to do about it.",
      "Changes nothing without --apply, and never deletes a file.",
      "Works in a running node, over its API, or in a repository whose node does not run.",
      "Exit status: 0 nothing to act on, 1 findings, 2 it could not look."
    },
    footer = {
      "",
      "Examples:",
      "  selkie doctor",
      "  selkie doctor --deep --sector 7",
      "  selkie doctor --whole --sector 7",
      "  selkie doctor --only OnChainButNotInJournal --apply"
    })
public final class DoctorCommand implements Callable<Integer> {

  private static final int HEALTHY = 0;
  private static final int FINDINGS = 1;
  private static final int ERROR = 2;

  @Option(names = "--repo", paramLabel = "DIR", description = "the miner's directory")
  private @Nullable Path repo;

  @Option(names = "--json", description = "print the report as JSON")
  private boolean json;

  @Option(names = "--apply", description = "carry the plan out")
  private boolean apply;

  @Option(
      names = "--deep",
      description = "look into replicas and caches too, and compare copies byte by byte")
  private boolean deep;

  @Option(
      names = "--whole",
      description = {
        "as --deep, with every byte of the replicas hashed and not only samples;",
        "a sector of 32 GiB keeps all cores busy for many minutes"
      })
  private boolean whole;

  @Option(
      names = "--only",
      paramLabel = "KIND",
      description = "only findings of this name; may be repeated")
  private List<String> only = List.of();

  @Option(names = "--sector", paramLabel = "N", description = "only this sector; may be repeated")
  private List<Long> sectors = List.of();

  @Spec private CommandSpec spec;

  private final Path defaultRepo;
  private final Optional<String> minerApiInfo;

  public DoctorCommand(Path defaultRepo, Optional<String> minerApiInfo) {
    this.defaultRepo = defaultRepo;
    this.minerApiInfo = minerApiInfo;
    this.spec = CommandSpec.create();
  }

  /** Looks, and carries a plan out. */
  private interface Work {
    DoctorReport look(DoctorFilter filter) throws IOException, RpcFault, InterruptedException;

    DoctorReport apply(DoctorFilter filter, String plan)
        throws IOException, RpcFault, InterruptedException, Doctor.PlanChanged;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try {
      DoctorFilter filter = new DoctorFilter(checked(only), sectors, deep || whole, whole);
      RunningNode found = RunningNode.find(repo, minerApiInfo, defaultRepo);
      return found.node().isPresent() ? online(found, filter, out) : offline(found, filter, out);
    } catch (IOException | RpcFault | Doctor.PlanChanged | IllegalArgumentException failed) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("ERROR: " + failed.getMessage());
      err.flush();
      return ERROR;
    }
  }

  private static List<String> checked(List<String> kinds) {
    List<String> known = Doctor.kinds();
    for (String kind : kinds) {
      if (!known.contains(kind)) {
        throw new IllegalArgumentException(
            "no finding is named '" + kind + "'; there are " + String.join(", ", known));
      }
    }
    return List.copyOf(kinds);
  }

  private int online(RunningNode found, DoctorFilter filter, PrintWriter out)
      throws IOException, RpcFault, InterruptedException, Doctor.PlanChanged {
    try (JsonRpcClient client = found.client()) {
      return run(
          new Work() {
            @Override
            public DoctorReport look(DoctorFilter filter)
                throws IOException, RpcFault, InterruptedException {
              return client.call(DoctorReport.class, "Selkie.Doctor", filter);
            }

            @Override
            public DoctorReport apply(DoctorFilter filter, String plan)
                throws IOException, RpcFault, InterruptedException {
              return client.call(DoctorReport.class, "Selkie.DoctorApply", filter, plan);
            }
          },
          filter,
          out);
    }
  }

  private int offline(RunningNode found, DoctorFilter filter, PrintWriter out)
      throws IOException, RpcFault, InterruptedException, Doctor.PlanChanged {
    try (Repo locked = OfflineRepo.lock(found.repo());
        OfflineRepo offline = OfflineRepo.open(locked, locked.journal())) {
      Doctor doctor = offline.doctor();
      return run(
          new Work() {
            @Override
            public DoctorReport look(DoctorFilter filter) throws IOException {
              return doctor.look(filter);
            }

            @Override
            public DoctorReport apply(DoctorFilter filter, String plan)
                throws IOException, Doctor.PlanChanged {
              return doctor.apply(filter, plan);
            }
          },
          filter,
          out);
    }
  }

  private int run(Work work, DoctorFilter filter, PrintWriter out)
      throws IOException, RpcFault, InterruptedException, Doctor.PlanChanged {
    DoctorReport report = work.look(filter);
    if (!apply || report.plan().isEmpty()) {
      print(out, report);
      return DoctorView.isHealthy(report) ? HEALTHY : FINDINGS;
    }
    print(out, work.apply(filter, report.plan()));
    DoctorReport after = work.look(filter);
    if (!json) {
      out.println();
      out.println(after.findings().isEmpty() ? "Nothing is left." : "What is left:");
      if (!after.findings().isEmpty()) {
        DoctorView.print(out, after);
      }
      out.flush();
    }
    return DoctorView.isHealthy(after) ? HEALTHY : FINDINGS;
  }

  private void print(PrintWriter out, DoctorReport report) {
    if (json) {
      out.println(DoctorView.json(report));
      out.flush();
    } else {
      DoctorView.print(out, report);
    }
  }
}
