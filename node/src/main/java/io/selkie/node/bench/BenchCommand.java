package io.selkie.node.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements of a whole miner. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures a whole miner; 'selkie proofs bench' measures sealing.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Example:", "  selkie bench api --sectors 100000"})
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new BenchCommand());
    line.addSubcommand(new BenchApiCommand());
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which? there is api");
  }
}
