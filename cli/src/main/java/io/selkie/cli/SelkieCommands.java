package io.selkie.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The operator's commands, to be added to the program's root command.
 *
 * <p>Results go to standard output. An error is one line {@code ERROR: text} on standard error,
 * followed by an empty one, with exit status 1; a command line that is not understood has status 2.
 */
public final class SelkieCommands {

  /** A command failed. */
  public static final int FAILED = 1;

  /** A command line was not understood. */
  public static final int MISUSED = 2;

  private final CliEnvironment environment;

  /**
   * Commands in this environment.
   *
   * @param environment where the node is looked for when the command line does not say
   */
  public SelkieCommands(CliEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Adds {@code sectors}, {@code storage}, {@code unseal}, {@code auth}, {@code info}, {@code
   * version}, {@code log} and {@code stop} to {@code root}, and sets how the whole command line
   * reports errors. Commands of {@code root} that are added later report them likewise.
   */
  public CommandLine addTo(CommandLine root) {
    add(root, SectorsCommands.all(environment));
    add(root, StorageCommands.all(environment));
    add(root, UnsealCommands.all(environment));
    add(root, AuthCommands.all(environment));
    NodeCommands.all(environment).forEach(command -> add(root, command));
    return root.setExecutionExceptionHandler(
            (exception, line, _) -> {
              report(line.getErr(), exception);
              return FAILED;
            })
        .setParameterExceptionHandler((exception, _) -> {
          report(exception);
          return MISUSED;
        });
  }

  private static void add(CommandLine root, CommandLine command) {
    root.addSubcommand(command.getCommandSpec().name(), command);
  }

  private static void report(PrintWriter err, Exception exception) {
    err.println("ERROR: " + text(exception));
    err.println();
    if (!(exception instanceof CommandFailed) && exception instanceof RuntimeException) {
      // A bug: its place is what the reader can report.
      exception.printStackTrace(err);
    }
    err.flush();
  }

  private static void report(ParameterException exception) {
    CommandLine line = exception.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("ERROR: " + text(exception));
    err.println();
    line.usage(err);
    err.flush();
  }

  private static String text(Exception exception) {
    return exception.getMessage() == null ? exception.toString() : exception.getMessage();
  }
}
