package io.selkie.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands against a fake node, found by its repository. */
abstract class CommandLineTest {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path repo;

  FakeNode node;

  /** What a command printed, and its exit status. */
  record Run(int status, String out, String err) {

    JsonNode json() {
      return new JsonMapper().readTree(out);
    }
  }

  @Command(name = "selkie")
  static final class Root {}

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
    Files.writeString(repo.resolve("api"), node.multiaddress());
    Files.writeString(repo.resolve("token"), FakeNode.TOKEN + "\n");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  Run run(String... arguments) {
    return run(Optional.empty(), repo, arguments);
  }

  /** With somebody at a terminal. */
  Run run(Terminal terminal, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = execute(environment(Optional.empty(), repo, terminal), out, err, arguments);
    return new Run(status, out.toString(), err.toString());
  }

  /** With somebody reading on the other side. */
  int runTo(Writer out, String... arguments) {
    return execute(
        environment(Optional.empty(), repo, Terminal.none()), out, new StringWriter(), arguments);
  }

  static Run run(Optional<String> minerApiInfo, Path defaultRepo, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        execute(environment(minerApiInfo, defaultRepo, Terminal.none()), out, err, arguments);
    return new Run(status, out.toString(), err.toString());
  }

  private static CliEnvironment environment(
      Optional<String> minerApiInfo, Path defaultRepo, Terminal terminal) {
    return new CliEnvironment(
        minerApiInfo, defaultRepo, Clock.fixed(NOW, ZoneId.of("UTC")), terminal);
  }

  private static int execute(
      CliEnvironment environment, Writer out, Writer err, String... arguments) {
    return commandLine(environment)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .execute(arguments);
  }

  static CommandLine commandLine(CliEnvironment environment) {
    return new SelkieCommands(environment).addTo(new CommandLine(new Root()));
  }
}
