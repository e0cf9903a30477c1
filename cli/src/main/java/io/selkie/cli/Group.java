package io.selkie.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only holds others; called by itself it is a usage error. */
@Command
final class Group implements Runnable {

  private final String name;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;

  private Group(String name) {
    this.name = name;
  }

  /** The command line of a group, to which its commands are added. */
  static CommandLine of(String name, String description) {
    CommandLine line = new CommandLine(new Group(name));
    line.getCommandSpec().name(name).usageMessage().description(description);
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), name + ": which command?");
  }
}
