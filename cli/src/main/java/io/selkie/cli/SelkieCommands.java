package io.selkie.cli;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

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
   * Adds {@code sectors}, {@code storage}, {@code unseal}, {@code sealing}, {@code proving}, {@code
   * auth}, {@code info}, {@code version}, {@code log}, {@code stop} and {@code completion} to
   * {@code root}, and sets how the whole command line reports errors. Commands of {@code root} that
   * are added later report them likewise.
   */
  public CommandLine addTo(CommandLine root) {
    add(root, SectorsCommands.all(environment));
    add(root, StorageCommands.all(environment));
    add(root, UnsealCommands.all(environment));
    add(root, SealingCommands.all(environment));
    add(root, ProvingCommands.all(environment));
    add(root, AuthCommands.all(environment));
    NodeCommands.all(environment).forEach(command -> add(root, command));
    root.addSubcommand(new CompletionCommand());
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
    err.println("ERROR: " + numberOfArguments(exception).orElseGet(() -> text(exception)));
    err.println();
    line.usage(err);
    err.flush();
  }

  /** What the reference says when there are too few or too many arguments. */
  private static Optional<String> numberOfArguments(ParameterException exception) {
    CommandSpec command = exception.getCommandLine().getCommandSpec();
    boolean wrong =
        switch (exception) {
          case MissingParameterException missing ->
              missing.getMissing().stream().anyMatch(ArgSpec::isPositional);
          case UnmatchedArgumentException more ->
              command.subcommands().isEmpty() && !more.isUnknownOption();
          default -> false;
        };
    if (!wrong) {
      return Optional.empty();
    }
    ParseResult parsed = exception.getCommandLine().getParseResult();
    long given =
        parsed == null
            ? 0
            : parsed.matchedPositionals().stream()
                .distinct()
                .mapToLong(each -> each.originalStringValues().size())
                .sum();
    long unmatched =
        exception instanceof UnmatchedArgumentException more ? more.getUnmatched().size() : 0;
    return Optional.of("incorrect number of arguments, got " + (given + unmatched));
  }

  private static String text(Exception exception) {
    return exception.getMessage() == null ? exception.toString() : exception.getMessage();
  }
}
