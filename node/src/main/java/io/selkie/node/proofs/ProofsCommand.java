package io.selkie.node.proofs;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The proofs library from the command line. */
@Command(
    name = "proofs",
    mixinStandardHelpOptions = true,
    description = "Seal, prove, verify and unseal without a miner.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  selkie proofs commp movie.mkv --json",
      "  selkie proofs seal --proof-type 5 --miner 1000 --sector 1 --ticket $(openssl rand -hex 31)00 \\",
      "      --seed $(openssl rand -hex 31)00 --piece a.bin --out /tmp/s",
      "  selkie proofs verify --dir /tmp/s && selkie proofs unseal --dir /tmp/s --to back.bin"
    })
public final class ProofsCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new ProofsCommand());
    line.addSubcommand(new ProofsCommpCommand());
    line.addSubcommand(new ProofsSealCommand());
    line.addSubcommand(new ProofsProveCommand());
    line.addSubcommand(new ProofsVerifyCommand());
    line.addSubcommand(new ProofsUnsealCommand());
    line.addSubcommand(new ProofsBenchCommand());
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which of commp, seal, prove, verify, unseal, bench?");
  }
}
