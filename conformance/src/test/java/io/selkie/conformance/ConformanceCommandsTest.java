package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code conformance serve} and {@code conformance run}, as a stranger uses them: two programs. */
class ConformanceCommandsTest {

  private static final long PATIENCE_S = 120;

  /** A server in a process of its own. */
  private static final class Served implements AutoCloseable {

    private final Process process;
    private String url = "";

    Served(String fixture) throws IOException {
      process =
          new ProcessBuilder(
                  NodeProcess.command(
                      "conformance",
                      "serve",
                      "--fixture",
                      fixture,
                      "--listen",
                      "127.0.0.1:0",
                      "--secret",
                      "11".repeat(32),
                      "--unseal-delay",
                      "1s"))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String last = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("ready")) {
          url = last.substring(last.indexOf("http"), last.indexOf("/rpc/"));
          return;
        }
        last = line;
      }
      throw new IOException("the server ended without a line 'ready'; it said last: " + last);
    }

    @Override
    public void close() {
      // Told to end, it takes its files away.
      process.destroy();
      try {
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException _) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * A run of the suite.
   *
   * @param status the exit status
   * @param output what it printed
   */
  private record Run(int status, String output) {

    static Run of(Served server, String... options) throws Exception {
      List<String> command = NodeProcess.command("conformance", "run", "--url", server.url);
      command.addAll(List.of(options));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
      return new Run(process.exitValue(), output);
    }
  }

  @Test
  void suite_againstOurOwnServer_passesWhole() throws Exception {
    try (Served server = new Served("F1")) {
      Run all = Run.of(server, "--unseal-delay");
      assertThat(all.output()).contains(" passed\n").doesNotContain("FAIL");
      assertThat(all.status()).isZero();
    }
  }

  /** A server leaves state behind between calls: the log of sector 100 has grown. */
  @Test
  void case_againstAServerThatPlayedIt_meetsItsTraces() throws Exception {
    try (Served server = new Served("F1")) {
      assertThat(Run.of(server, "--only", "81").output()).contains("3 of 3 passed");
      Run again = Run.of(server, "--only", "81");
      assertThat(again.output()).contains("FAIL").contains("2 of 3 passed, 1 failed");
      assertThat(again.status()).isEqualTo(1);
    }
  }

  @Test
  void suite_withTheWrongSecret_failsAndSaysWhere() throws Exception {
    try (Served server = new Served("F1R")) {
      Run refs = Run.of(server, "--fixture", "F1R", "--only", "52,53,54");
      assertThat(refs.output())
          .contains("   52  pass  ")
          .contains("   54  pass  ")
          .contains("2 of 2 passed\n1 not played");
      assertThat(refs.status()).isZero();
      Run wrong = Run.of(server, "--only", "37", "--secret", "22".repeat(32));
      assertThat(wrong.output())
          .contains("   37  FAIL  admin caller")
          .contains("status 401, not 200");
      assertThat(wrong.status()).isEqualTo(1);
    }
  }
}
