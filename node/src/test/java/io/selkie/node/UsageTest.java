package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Help and wrong usage of every command of the program. */
final class UsageTest {

  static Stream<String> commands() {
    List<String> names = new ArrayList<>();
    collect(Main.commandLine(Map.of()), "", names);
    return names.stream();
  }

  private static void collect(CommandLine line, String path, List<String> names) {
    names.add(path.strip());
    line.getSubcommands().forEach((name, sub) -> collect(sub, path + " " + name, names));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommand_showsAnExampleOrItsCommands(String command) {
    CommandRun run = CommandRun.of((Object[]) (command + " --help").strip().split(" "));
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Usage: selkie").containsPattern("Examples?:|Commands:");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void unknownOption_ofEveryCommand_isWrongUsage(String command) {
    CommandRun run = CommandRun.of((Object[]) (command + " --no-such").strip().split(" "));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("ERROR: ").contains("Usage: selkie").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proofs",
        "proofs nothing",
        "proofs commp",
        "proofs seal --proof-type 5",
        "proofs seal --proof-type five",
        "proofs verify",
        "proofs unseal --dir x --to y --offset 1.5",
        "proofs unseal --dir x --to y --size 99999999999999999999",
        "run --repo",
        "demo --file",
        "demo extra",
        "conformance",
        "conformance serve --fixture F9",
        "conformance serve --listen nonsense",
        "conformance serve --secret zz",
        "conformance serve --secret 1111",
        "conformance serve --unseal-delay soon",
        "conformance serve --unseal-delay -1s",
        "conformance run",
        "conformance run --url nonsense",
        "conformance run --url http://127.0.0.1:1 --secret zz",
        "conformance run --url http://127.0.0.1:1 --only 99999"
      })
  void wrongUsage_exitsWithTwo(String line) {
    CommandRun run = CommandRun.of((Object[]) line.split(" "));
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("ERROR: ");
  }

  @Test
  void conformanceRun_whereNobodyListens_saysSoOnce() {
    CommandRun run = CommandRun.of("conformance", "run", "--url", "http://127.0.0.1:1");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo("ERROR: no server at http://127.0.0.1:1: Connection refused");
    assertThat(run.out()).isEmpty();
  }

  /** Asks for more than the heap can have, whatever the machine. */
  @Command(name = "greedy")
  private static final class Greedy implements Callable<Integer> {
    @Override
    public Integer call() {
      List<long[]> held = new ArrayList<>();
      while (held.size() < Integer.MAX_VALUE) {
        held.add(new long[1 << 30]);
      }
      return 0;
    }
  }

  @Test
  void answerLargerThanTheHeap_isOneLineThatSaysWhatToDo() {
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(new Greedy()).setErr(new PrintWriter(err));

    assertThat(Main.run(line)).isEqualTo(1);
    assertThat(err.toString())
        .matches(
            "ERROR: this needs more memory than a heap of \\d+ MiB \\([^\n]*\\); allow more with"
                + " SELKIE_JAVA_OPTS=-Xmx4g\n");
  }

  @Test
  void version_isPrinted() {
    assertThat(CommandRun.of("--version").out().strip()).isEqualTo("selkie " + Main.VERSION);
  }
}
