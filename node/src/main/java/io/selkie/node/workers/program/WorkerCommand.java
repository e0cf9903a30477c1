package io.selkie.node.workers.program;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A worker for a miner. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Does sealing work for a miner on another machine.",
    synopsisSubcommandLabel = "COMMAND")
public final class WorkerCommand implements Runnable {

  @Spec private CommandSpec spec;

  private WorkerCommand(CommandSpec unused) {
    this.spec = unused;
  }

  /**
   * The command with what is below it.
   *
   * @param apiInfo where the miner is, if the environment says so
   */
  public static CommandLine commandLine(Optional<String> apiInfo) {
    CommandLine line = new CommandLine(new WorkerCommand(CommandSpec.create()));
    line.addSubcommand(new WorkerRunCommand(apiInfo));
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? try: selkie worker run");
  }
}
