package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The benchmark of the API on a small store: that every answer is right, which it looks at itself,
 * and that every figure is there. How large they are is nothing for a test.
 */
class BenchApiTest {

  private static final List<String> FIGURES =
      List.of(
          "start",
          "summary_p99",
          "status_p50",
          "status_p99",
          "status_on_chain_p50",
          "list",
          "list_in_states",
          "batch",
          "stream",
          "heap_committed",
          "transitions");

  @TempDir private Path directory;

  private CommandRun bench(Path repo, int sectors) {
    return CommandRun.of(
        "bench", "api", "--sectors", sectors, "--repo", repo, "--transitions", 1, "--json");
  }

  @Test
  void bench_ofAThousand_answersRightTwice() throws Exception {
    Path repo = directory.resolve("repo");
    // The second time on what the first one left behind: the store is used again.
    for (int run = 0; run < 2; run++) {
      CommandRun done = bench(repo, 1_000);
      assertThat(done.status()).as(done.err()).isZero();
      JsonNode result = JsonMapper.builder().build().readTree(done.out());
      assertThat(result.path("sectors").asInt()).isEqualTo(1_000);
      for (String figure : FIGURES) {
        assertThat(result.path("figures").path(figure).path("value").asDouble())
            .as(figure)
            .isPositive();
      }
    }
    CommandRun other = bench(repo, 1_500);
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("holds another store");
  }

  @Test
  void bench_ofADirectoryInUse_isRefused() throws Exception {
    Files.writeString(directory.resolve("note"), "mine");
    CommandRun refused = bench(directory, 1_000);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("is not empty");
    assertThat(directory).isDirectoryContaining(each -> each.endsWith("note"));
  }
}
