package io.selkie.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.server.Caller;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebRequest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DashboardTest {

  private static final Pattern REFERENCE =
      Pattern.compile("(?:href|src)=\"([^\"#]+)\"|from \"([^\"]+)\"");

  private final Dashboard dashboard = Dashboard.load();

  @Test
  void answer_root_isThePageUnderItsPolicy() throws Exception {
    WebAnswer answer = get("/").orElseThrow();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.contentType()).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.headers().get("Content-Security-Policy"))
        .startsWith("default-src 'self';")
        .doesNotContain("unsafe");
    assertThat(answer.headers()).containsEntry("X-Content-Type-Options", "nosniff");
    assertThat(body(answer)).contains("<title>Selkie</title>");
    assertThat(answer.headers())
        .containsEntry("Content-Length", Integer.toString(body(answer).length()));
  }

  @Test
  void answer_unknownPath_isEmpty() throws Exception {
    for (String path :
        List.of("/js", "/js/", "/js/none.js", "/index.htm", "/Dashboard.class", "/../Dashboard")) {
      assertThat(get(path)).as(path).isEmpty();
    }
  }

  @Test
  void answer_otherVerb_isRefused() {
    assertThat(ask("POST", "/").orElseThrow().status()).isEqualTo(405);
    assertThat(ask("HEAD", "/").orElseThrow().status()).isEqualTo(200);
  }

  /** Whatever a file refers to is served too, and nothing comes from elsewhere. */
  @Test
  void files_references_areServedFromHere() throws Exception {
    for (String path : Dashboard.TYPES.keySet()) {
      String text = body(get(path).orElseThrow());
      for (MatchResult match : REFERENCE.matcher(text).results().toList()) {
        String target =
            match.group(1) == null ? "/js/" + match.group(2).substring(2) : match.group(1);
        assertThat(get(target)).as("%s refers to %s", path, target).isPresent();
      }
      assertThat(text.replace("http://www.w3.org/2000/svg", ""))
          .as(path)
          .doesNotContain("http://", "https://", "//cdn");
    }
  }

  /** The policy forbids both; a browser would say so on its console only. */
  @Test
  void page_markup_hasNoInlineScriptOrStyle() throws Exception {
    String page = body(get("/").orElseThrow());
    assertThat(page).doesNotContain("<style", "style=", "onclick", "javascript:");
    assertThat(page).containsOnlyOnce("<script ");
    for (String path : Dashboard.TYPES.keySet()) {
      assertThat(body(get(path).orElseThrow()))
          .as(path)
          .doesNotContain(
              "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write");
    }
  }

  private Optional<WebAnswer> get(String path) {
    return ask("GET", path);
  }

  private Optional<WebAnswer> ask(String method, String path) {
    return dashboard.answer(
        new WebRequest(
            method,
            path,
            "",
            Map.of(),
            new Caller(Set.of(), "127.0.0.1"),
            InputStream.nullInputStream()));
  }

  private static String body(WebAnswer answer) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    answer.body().writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
