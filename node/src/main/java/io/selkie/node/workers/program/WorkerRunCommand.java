package io.selkie.node.workers.program;

import io.selkie.node.repo.ListenAddress;
import io.selkie.node.workers.TaskType;
import io.selkie.rpc.client.MinerEndpoint;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The worker, in the foreground. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a worker until it is stopped (Ctrl-C). It asks the miner to take it on, and asks again",
      "whenever the miner was started again."
    },
    footer = {
      "",
      "Examples:",
      "  selkie worker run --storage /fast/worker",
      "  selkie worker run --miner-api \"$(cat /srv/miner/token):http://10.0.0.1:2345\" \\",
      "      --storage /fast/worker --listen 10.0.0.2:3456 --tasks PC1,PC2"
    })
final class WorkerRunCommand implements Callable<Integer> {

  private static final long HELD_LOOK_MS = 20;

  private static final Map<String, TaskType> SHORT =
      Map.of(
          "DC",
          TaskType.DATA_CID,
          "AP",
          TaskType.ADD_PIECE,
          "PC1",
          TaskType.PRE_COMMIT_1,
          "PC2",
          TaskType.PRE_COMMIT_2,
          "C1",
          TaskType.COMMIT_1,
          "C2",
          TaskType.COMMIT_2,
          "FIN",
          TaskType.FINALIZE,
          "GET",
          TaskType.FETCH,
          "UNS",
          TaskType.UNSEAL);

  @Option(
      names = "--miner-api",
      paramLabel = "TOKEN:ADDRESS",
      description = "the miner, with an admin token (default: the variable MINER_API_INFO)")
  private @Nullable String miner;

  @Option(
      names = "--storage",
      required = true,
      paramLabel = "DIR",
      description = "where sectors are sealed; made a storage path if it is none")
  private @Nullable Path storage;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "where the miner reaches this worker (default 127.0.0.1:3456)")
  private String listen = "127.0.0.1:3456";

  @Option(
      names = "--tasks",
      split = ",",
      paramLabel = "TASK",
      description = "what it takes on: DC, AP, PC1, PC2, C1, C2, FIN, GET, UNS (default: all)")
  private List<String> tasks = List.of();

  @Option(
      names = "--hold-while",
      hidden = true,
      paramLabel = "FILE",
      description = "for tests of recovery: pre-commit 1 is not begun while this file is there")
  private @Nullable Path hold;

  @Spec private CommandSpec spec;

  private final Optional<String> apiInfo;

  WorkerRunCommand(Optional<String> apiInfo) {
    this(apiInfo, CommandSpec.create());
  }

  private WorkerRunCommand(Optional<String> apiInfo, CommandSpec unused) {
    this.apiInfo = apiInfo;
    this.spec = unused;
  }

  @Override
  public Integer call() throws Exception {
    String info =
        Optional.ofNullable(miner)
            .or(() -> apiInfo)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(), "where is the miner? give --miner-api TOKEN:ADDRESS"));
    InetSocketAddress at = ListenAddress.parse(listen);
    Path directory = storage == null ? Path.of(".") : storage;
    try (WorkerProgram worker =
        new WorkerProgram(MinerEndpoint.parse(info), directory, at, wanted(), this::pass)) {
      Thread stopper = Thread.ofPlatform().name("stop").unstarted(worker::close);
      Runtime.getRuntime().addShutdownHook(stopper);
      System.out.println("worker for " + MinerEndpoint.parse(info).base());
      System.out.println("storage     " + directory);
      System.out.println("api         " + worker.endpoint().rpc());
      System.out.flush();
      worker.awaitEnd();
    }
    return 0;
  }

  private void pass(ReturnKind kind) throws InterruptedException {
    Path file = hold;
    if (file == null || kind != ReturnKind.PRE_COMMIT_1 || !Files.exists(file)) {
      return;
    }
    System.out.println("held " + kind);
    System.out.flush();
    while (Files.exists(file)) {
      Thread.sleep(HELD_LOOK_MS);
    }
  }

  private Set<TaskType> wanted() {
    Set<TaskType> all = EnumSet.noneOf(TaskType.class);
    for (String each : tasks) {
      TaskType task = SHORT.get(each.strip().toUpperCase(Locale.ROOT));
      if (task == null) {
        throw new ParameterException(
            spec.commandLine(),
            "'" + each + "' is none of DC, AP, PC1, PC2, C1, C2, FIN, GET, UNS");
      }
      all.add(task);
    }
    return all.isEmpty() ? EnumSet.allOf(TaskType.class) : all;
  }
}
