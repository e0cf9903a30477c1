package io.selkie.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
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
    registerNumbers(root);
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

  /** Numbers that are none are refused in words that are not a programmer's. */
  private static void registerNumbers(CommandLine root) {
    CommandLine.ITypeConverter<Long> longs = text -> whole(text, Long::valueOf);
    CommandLine.ITypeConverter<Integer> ints = text -> whole(text, Integer::valueOf);
    root.registerConverter(Long.class, longs)
        .registerConverter(long.class, longs)
        .registerConverter(Integer.class, ints)
        .registerConverter(int.class, ints);
  }

  private static <T> T whole(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is "
              + (text.matches("[+-]?[0-9]+") ? "too large a number" : "no whole number"));
    }
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
    err.println(
        "ERROR: "
            + unknownCommand(exception)
                .or(() -> numberOfArguments(exception))
                .orElseGet(() -> text(exception)));
    err.println();
    line.usage(err);
    err.flush();
  }

  /** What a group says to a word that is none of its commands. */
  private static Optional<String> unknownCommand(ParameterException exception) {
    CommandSpec command = exception.getCommandLine().getCommandSpec();
    if (command.subcommands().isEmpty()
        || !(exception instanceof UnmatchedArgumentException unmatched)
        || unmatched.isUnknownOption()) {
      return Optional.empty();
    }
    List<String> near = unmatched.getSuggestions();
    return Optional.of(
        "there is no command '"
            + command.qualifiedName()
            + " "
            + unmatched.getUnmatched().getFirst()
            + "'"
            + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?"));
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
