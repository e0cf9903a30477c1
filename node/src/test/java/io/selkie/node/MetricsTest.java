package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.server.CallWatch.Outcome;
import io.selkie.rpc.server.Caller;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebRequest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static Optional<WebAnswer> ask(Metrics metrics, String path, String... allowed)
      throws Exception {
    return metrics.answer(
        new WebRequest(
            "GET",
            path,
            "",
            Map.of(),
            new Caller(Set.of(allowed), "test"),
            InputStream.nullInputStream()));
  }

  @Test
  void scrape_afterCallsAndAppends_countsThemByMethodAndOutcome() throws Exception {
    try (Metrics metrics = new Metrics()) {
      metrics.answered("Filecoin.Version", Outcome.DONE, 2_000_000);
      metrics.answered("Filecoin.Version", Outcome.DONE, 2_000_000);
      metrics.answered("Filecoin.SectorsStatus", Outcome.REFUSED, 1);
      metrics.appended(3_000_000);
      WebAnswer answer = ask(metrics, Metrics.PATH, "read").orElseThrow();
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      answer.body().writeTo(text);
      assertThat(text.toString(StandardCharsets.UTF_8))
          .contains("selkie_rpc_call_seconds_count{method=\"Filecoin.Version\",outcome=\"done\"} 2")
          .contains(
              "selkie_rpc_call_seconds_count{method=\"Filecoin.SectorsStatus\","
                  + "outcome=\"refused\"} 1")
          .contains("selkie_journal_append_seconds_count 1")
          .contains("jvm_memory_used_bytes");
      assertThat(answer.contentType()).startsWith("text/plain");
    }
  }

  @Test
  void scrape_withoutPermission_isRefused() throws Exception {
    try (Metrics metrics = new Metrics()) {
      assertThat(ask(metrics, Metrics.PATH).orElseThrow().status()).isEqualTo(401);
      assertThat(ask(metrics, Metrics.PATH + "/more", "read")).isEmpty();
    }
  }
}
