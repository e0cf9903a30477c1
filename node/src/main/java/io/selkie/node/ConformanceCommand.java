package io.selkie.node;

import io.selkie.rpc.Tokens;
import java.util.HexFormat;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The differential suite of the miner's API. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = "Plays recorded requests against a miner's API and compares the answers.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  selkie conformance serve --fixture F1 --listen 127.0.0.1:4567",
      "  selkie conformance run --url http://127.0.0.1:4567"
    })
final class ConformanceCommand implements Runnable {

  /** The fixture's secret, hexadecimal: 32 bytes of 0x11. */
  static final String FIXTURE_SECRET =
      "1111111111111111111111111111111111111111111111111111111111111111";

  @Spec private CommandSpec spec = CommandSpec.create();

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new ConformanceCommand());
    line.addSubcommand(new ConformanceServeCommand());
    line.addSubcommand(new ConformanceRunCommand());
    return line;
  }

  /** An option's value; one that means nothing is wrong usage. */
  static <T> T value(CommandSpec spec, String option, Supplier<T> parsed) {
    try {
      return parsed.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }

  /** The judge of tokens with this secret. */
  static Tokens tokens(CommandSpec spec, String secret) {
    return value(spec, "--secret", () -> Tokens.of(HexFormat.of().parseHex(secret)));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which of serve, run?");
  }
}
