package io.selkie.node;

import io.selkie.cli.CliEnvironment;
import io.selkie.cli.SelkieCommands;
import io.selkie.cli.Terminal;
import io.selkie.node.bench.BenchCommand;
import io.selkie.node.demo.DemoCommand;
import io.selkie.node.fixture.ConformanceCommand;
import io.selkie.node.proofs.ProofsCommand;
import io.selkie.node.recovery.BackupCommand;
import io.selkie.node.recovery.BackupService;
import io.selkie.node.recovery.DoctorCommand;
import io.selkie.node.recovery.RebuildCommand;
import io.selkie.node.recovery.RestoreCommand;
import io.selkie.node.workers.program.WorkerCommand;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program's entrance: the one place that reads arguments and environment. */
@Command(
    name = "selkie",
    mixinStandardHelpOptions = true,
    version = "selkie " + Main.VERSION,
    description = "A Filecoin storage miner's sector subsystem.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  selkie demo                     seal a file on a devnet, from padding to unsealing",
      "  selkie run --sector-size 2KiB   a miner on its own devnet, under ~/.selkie",
      "  selkie sectors list             what the running miner has",
      "  selkie proofs commp FILE        a file's piece commitment"
    })
public final class Main implements Runnable {

  /** The program's version, as {@code Filecoin.Version} and {@code --version} show it. */
  static final String VERSION = "0.1.0";

  @Spec private CommandSpec spec;

  private Main(CommandSpec unused) {
    this.spec = unused;
  }

  /**
   * Runs one command and ends the process with its exit status: 0 done, 1 failed, 2 wrong usage.
   */
  public static void main(String[] args) {
    // Over System.out itself, so that a command can see when its reader has gone away.
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    System.exit(run(commandLine(System.getenv()).setOut(out), args));
  }

  static int run(CommandLine line, String... args) {
    try {
      return line.execute(args);
    } catch (OutOfMemoryError full) {
      // A limit that was met, not a bug: an answer about millions of sectors can be that large.
      line.getErr()
          .printf(
              "ERROR: this needs more memory than a heap of %d MiB (%s); allow more with"
                  + " SELKIE_JAVA_OPTS=-Xmx4g%n",
              Runtime.getRuntime().maxMemory() >> 20, full.getMessage());
      line.getErr().flush();
      return 1;
    }
  }

  /** The whole command tree. */
  static CommandLine commandLine(Map<String, String> environment) {
    CommandLine line = new CommandLine(new Main(CommandSpec.create()));
    Path repo =
        Path.of(
            environment.getOrDefault("SELKIE_PATH", System.getProperty("user.home") + "/.selkie"));
    line.addSubcommand(new DemoCommand());
    line.addSubcommand(
        new RunCommand(repo, Optional.ofNullable(environment.get(BackupService.BASE_VARIABLE))));
    Optional<String> apiInfo = Optional.ofNullable(environment.get("MINER_API_INFO"));
    line.addSubcommand(new DoctorCommand(repo, apiInfo));
    line.addSubcommand(new BackupCommand(repo, apiInfo));
    line.addSubcommand(new RestoreCommand());
    line.addSubcommand(new RebuildCommand(repo));
    line.addSubcommand(WorkerCommand.commandLine(apiInfo));
    line.addSubcommand(ProofsCommand.commandLine());
    line.addSubcommand(BenchCommand.commandLine());
    line.addSubcommand(ConformanceCommand.commandLine());
    new SelkieCommands(
            new CliEnvironment(apiInfo, repo, Clock.system(ZoneId.systemDefault()), terminal()))
        .addTo(line);
    line.setExecutionExceptionHandler(new ErrorReport());
    return line;
  }

  /** What the launcher saw of the streams; the JVM cannot tell them apart. */
  private static Terminal terminal() {
    return Terminal.of(
        System.getProperty("selkie.terminal", ""),
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? try: selkie demo");
  }
}
