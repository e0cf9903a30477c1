package io.selkie.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.fixture.FixtureMiner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays every recorded case, in order, over real sockets. The cases are data: {@code
 * conformance-cases.json}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceCasesTest {

  private static final int CASES = 132;
  private static final long SILENCE_MS = 300;

  private final FixtureMiner miner = new FixtureMiner(InstantSource.system(), false);
  private final FixtureMiner withRefs = new FixtureMiner(InstantSource.system(), true);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable JsonRpcServer server;
  private @Nullable JsonRpcServer serverWithRefs;
  private @Nullable TestSocket socket;

  @BeforeAll
  void start() throws IOException {
    server = miner.server().start();
    serverWithRefs = withRefs.server().start();
  }

  @AfterAll
  void stop() throws IOException {
    if (socket != null) {
      socket.close();
    }
    Objects.requireNonNull(server).close();
    Objects.requireNonNull(serverWithRefs).close();
    http.close();
  }

  @TestFactory
  Stream<DynamicTest> cases_playedInOrder_answerByteForByte() {
    List<JsonNode> cases = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("conformance-cases.json"))) {
      JsonMapper.builder().build().readTree(in).get("cases").forEach(cases::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(cases).hasSize(CASES);
    return cases.stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.get("number").asInt() + " " + each.get("title").asString(), () -> play(each)));
  }

  private void play(JsonNode each) throws Exception {
    if (each.get("transport").asString().equals("websocket")) {
      playOverWebSocket(each);
    } else {
      playOverHttp(each);
    }
  }

  private URI base(JsonNode each) {
    JsonRpcServer chosen =
        text(each, "fixture").filter("F1R"::equals).isPresent() ? serverWithRefs : server;
    return Objects.requireNonNull(chosen).endpoint().base();
  }

  private static Optional<String> text(JsonNode each, String member) {
    return Optional.ofNullable(each.get(member)).map(JsonNode::asString);
  }

  private String token(String name) {
    List<String> allow =
        Map.of(
                "read", List.of("read"),
                "write", List.of("read", "write"),
                "admin", List.of("read", "write", "sign", "admin"),
                "adminonly", List.of("admin"))
            .get(name);
    return miner.tokens().create(Objects.requireNonNull(allow), Optional.empty());
  }

  private void playOverHttp(JsonNode each) throws IOException, InterruptedException {
    String query = text(each, "queryToken").map(name -> "?token=" + token(name)).orElse("");
    String path = text(each, "path").orElse(MinerEndpoint.RPC_PATH);
    HttpRequest.Builder request = HttpRequest.newBuilder(base(each).resolve(path + query));
    text(each, "contentType").ifPresent(type -> request.header("Content-Type", type));
    text(each, "token").ifPresent(name -> request.header("Authorization", "Bearer " + token(name)));
    text(each, "authorization").ifPresent(value -> request.header("Authorization", value));
    request.method(
        text(each, "verb").orElse("POST"),
        text(each, "request")
            .map(HttpRequest.BodyPublishers::ofString)
            .orElseGet(HttpRequest.BodyPublishers::noBody));
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    JsonNode expected = each.has("instead") ? each.get("instead") : each;
    assertAnswer(response.body(), expected.get("answer").asString());
    assertThat(response.statusCode()).isEqualTo(expected.get("status").asInt());
  }

  private void playOverWebSocket(JsonNode each) throws Exception {
    if (!each.has("sameConnection")) {
      if (socket != null) {
        socket.close();
      }
      socket =
          TestSocket.open(
              Objects.requireNonNull(server).endpoint().webSocket(),
              text(each, "token").map(this::token));
    }
    TestSocket open = Objects.requireNonNull(socket);
    open.send(each.get("request").asString());
    if (each.has("answer")) {
      assertThat(open.next()).isEqualTo(each.get("answer").asString() + "\n");
    } else {
      assertThat(open.nextWithin(SILENCE_MS)).isEmpty();
    }
  }

  /** Single answers end with a newline that the cases leave out; batches and silence do not. */
  private static void assertAnswer(String actual, String expected) {
    boolean bare = expected.isEmpty() || expected.startsWith("[");
    String whole = bare ? expected : expected + "\n";
    if (expected.contains("<ts>")) {
      String pattern = Pattern.quote(whole).replace("<ts>", "\\E[0-9]{10}\\Q");
      assertThat(actual).matches(Pattern.compile(pattern, Pattern.DOTALL));
    } else {
      assertThat(actual).isEqualTo(whole);
    }
  }
}
