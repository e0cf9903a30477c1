package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a stranger types first, in a process of its own. */
class DemoTest {

  @TempDir Path directory;

  @Test
  void demo_ownFile_isSealedProvenUnsealedAndEqual() throws Exception {
    byte[] content = new byte[1500];
    new Random(7).nextBytes(content);
    Path file = Files.write(directory.resolve("own.bin"), content);
    Run run = run("demo", "--once", "--json", "--file", file.toString());
    assertThat(run.status()).as(run.error()).isZero();
    JsonNode result = JsonMapper.shared().readTree(run.output());
    assertThat(result.path("equal").asBoolean()).isTrue();
    assertThat(result.path("bytes").asInt()).isEqualTo(1500);
    assertThat(result.path("status").path("State").asString()).isEqualTo("Proving");
    assertThat(result.path("status").path("Activation").asLong()).isPositive();
    assertThat(result.path("status").path("Deals").get(0).asLong()).isPositive();
  }

  @Test
  void demo_missingFile_saysWhichAndFails() throws Exception {
    Run run = run("demo", "--once", "--file", directory.resolve("absent").toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.error()).contains("no such file").contains("absent");
  }

  @Test
  void demo_fileTooLarge_namesSizeAndLimit() throws Exception {
    Path file = Files.write(directory.resolve("large.bin"), new byte[3000]);
    Run run = run("demo", "--once", "--sector-size", "2KiB", "--file", file.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.error()).contains("3000").contains("2032");
  }

  private record Run(int status, String output, String error) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(NodeProcess.command(arguments));
    Path error = directory.resolve("stderr");
    Process process = new ProcessBuilder(command).redirectError(error.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    return new Run(process.exitValue(), output, Files.readString(error));
  }
}
