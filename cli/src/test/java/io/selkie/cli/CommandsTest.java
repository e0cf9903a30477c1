package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What is to be true of every command. */
class CommandsTest extends CommandLineTest {

  private static Map<String, CommandSpec> commands() {
    CliEnvironment environment =
        new CliEnvironment(Optional.empty(), Path.of("nowhere"), Clock.systemUTC());
    Map<String, CommandSpec> commands = new TreeMap<>();
    collect("", commandLine(environment).getCommandSpec(), commands);
    return commands;
  }

  private static void collect(String prefix, CommandSpec spec, Map<String, CommandSpec> into) {
    for (CommandLine each : spec.subcommands().values()) {
      CommandSpec command = each.getCommandSpec();
      String name = prefix + command.name();
      if (!(command.userObject() instanceof Group)) {
        into.put(name, command);
      }
      collect(name + " ", command, into);
    }
  }

  @Test
  void help_everyCommand_hasAnExample() {
    assertThat(commands()).hasSizeGreaterThan(40);
    commands()
        .forEach((name, command) -> {
          Run run = run((name + " --help").split(" ", -1));
          assertThat(run.status()).as(name).isZero();
          assertThat(run.out()).as(name).contains("Example").contains("selkie " + name);
        });
  }

  @Test
  void json_everyCommandThatAsks_hasIt() {
    commands()
        .forEach((name, command) -> {
          if (command.userObject() instanceof ApiCommand) {
            assertThat(command.findOption("--json")).as(name).isNotNull();
            assertThat(command.findOption("--repo")).as(name).isNotNull();
          }
        });
  }

  @Test
  void completion_script_knowsEveryCommandAndState() {
    String script = run("completion", "bash").out();
    commands()
        .forEach((name, command) -> {
          String function = "_picocli_selkie_" + name.replace("-", "").replace(' ', '_');
          assertThat(script).as(name).contains("function " + function + "()");
          command.options().stream()
              .filter(option -> !option.hidden())
              .forEach(option -> assertThat(script).contains(option.longestName()));
        });
    assertThat(script).contains(StateNames.VALID);
    assertThat(run("completion", "zsh").out()).startsWith("autoload").endsWith(script);
    assertThat(run("completion", "fish").status()).isEqualTo(2);
  }
}
