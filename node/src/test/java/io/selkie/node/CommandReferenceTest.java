package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Keeps {@code docs/cli.md} equal to the commands. Where it differs the test writes what it ought
 * to be to {@code target/cli.md} and fails; copy it over. What no command can say of itself, its
 * counterpart in the reference and the shape of its JSON, is in {@code commands.txt}.
 */
class CommandReferenceTest {

  /** A command's counterpart in the reference, and the shape of its JSON. */
  private record Note(String reference, String json) {}

  private static Map<String, CommandSpec> commands() {
    Map<String, CommandSpec> commands = new TreeMap<>();
    collect("", Main.commandLine(Map.of()).getCommandSpec(), commands);
    return commands;
  }

  private static void collect(String prefix, CommandSpec spec, Map<String, CommandSpec> into) {
    for (CommandLine each : spec.subcommands().values()) {
      CommandSpec command = each.getCommandSpec();
      String name = prefix + command.name();
      boolean holdsOthers =
          command.userObject() instanceof Runnable && !command.subcommands().isEmpty();
      if (!holdsOthers) {
        into.put(name, command);
      }
      collect(name + " ", command, into);
    }
  }

  @Test
  void reference_equalsTheCommands() throws IOException {
    Map<String, Note> notes = notes();
    Map<String, StringBuilder> groups = new LinkedHashMap<>();
    commands()
        .forEach((name, command) -> {
          String group = group(name, command);
          groups
              .computeIfAbsent(group, CommandReferenceTest::head)
              .append(row(name, command, notes.getOrDefault(name, new Note("none", ""))));
        });
    StringBuilder others = Objects.requireNonNull(groups.remove("others"));
    StringBuilder text = new StringBuilder(resource("introduction.md"));
    groups.values().forEach(text::append);
    text.append(others).append(resource("left-out.md"));
    Path committed = Path.of("..", "docs", "cli.md");
    if (!Files.exists(committed) || !Files.readString(committed).equals(text.toString())) {
      Files.createDirectories(Path.of("target"));
      Files.writeString(Path.of("target", "cli.md"), text);
    }
    assertThat(committed).content().isEqualTo(text.toString());
  }

  /** Single commands are grouped by where they are made. */
  private static String group(String name, CommandSpec command) {
    if (name.contains(" ")) {
      return name.substring(0, name.indexOf(' '));
    }
    boolean ofTheNode =
        command.userObject().getClass().getPackageName().startsWith(Main.class.getPackageName());
    return ofTheNode ? "node" : "others";
  }

  private static StringBuilder head(String group) {
    return new StringBuilder("\n## ")
        .append(group)
        .append("\n\n| command | what it does | `lotus-miner` | `--json` |\n|---|---|---|---|\n");
  }

  private static String row(String name, CommandSpec command, Note note) {
    String parameters =
        command.positionalParameters().stream()
            .map(PositionalParamSpec::paramLabel)
            .map(label -> " " + label)
            .collect(Collectors.joining());
    String options =
        command.options().stream()
            .filter(option -> !option.hidden() && !isCommon(option))
            .map(option -> "`" + option.longestName() + "`")
            .sorted()
            .collect(Collectors.joining(" "));
    String what = String.join(" ", command.usageMessage().description());
    return "| `%s%s`%s | %s | %s | %s |\n"
        .formatted(
            name,
            parameters,
            options.isEmpty() ? "" : " " + options,
            what.replace("|", "\\|").replace("${COMPLETION-CANDIDATES}", "bash, zsh"),
            note.reference(),
            note.json());
  }

  private static boolean isCommon(OptionSpec option) {
    String name = option.longestName();
    return name.equals("--repo")
        || name.equals("--json")
        || name.equals("--help")
        || name.equals("--version")
        || name.equals("--color");
  }

  private static Map<String, Note> notes() throws IOException {
    Map<String, Note> notes = new TreeMap<>();
    resource("commands.txt")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" \\| ", -1))
        .forEach(parts -> notes.put(parts[0], new Note(parts[1], parts[2])));
    return notes;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CommandReferenceTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void notes_everyLine_isAboutACommand() throws IOException {
    assertThat(commands().keySet()).containsAll(notes().keySet());
  }

  @Test
  void notes_everyCommandOfTheProgram_hasOne() throws IOException {
    assertThat(notes().keySet()).containsAll(commands().keySet());
  }

  @Test
  void help_everyCommand_hasAnExample() {
    commands()
        .forEach((name, command) -> {
          String help = command.commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF);
          assertThat(help).as(name).contains("Example").contains("selkie " + name);
        });
  }

  @Test
  void completion_script_knowsEveryCommandOfTheProgram() {
    String script = AutoComplete.bash("selkie", Main.commandLine(Map.of()));
    commands()
        .forEach((name, command) -> {
          String function = "_picocli_selkie_" + name.replace("-", "").replace(' ', '_');
          assertThat(script).as(name).contains("function " + function + "()");
          command.options().stream()
              .filter(option -> !option.hidden())
              .forEach(option -> assertThat(script).contains(option.longestName()));
        });
  }
}
