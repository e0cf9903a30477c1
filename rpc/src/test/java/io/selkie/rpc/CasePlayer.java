package io.selkie.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays the recorded cases against running servers, over real sockets, and holds the answers to
 * them byte for byte. The cases are data: {@code conformance-cases.json}.
 */
public final class CasePlayer implements AutoCloseable {

  private static final int CASES = 132;
  private static final long SILENCE_MS = 300;
  private static final Map<String, List<String>> TOKENS =
      Map.of(
          "read", List.of("read"),
          "write", List.of("read", "write"),
          "admin", List.of("read", "write", "sign", "admin"),
          "adminonly", List.of("admin"));

  /** A request and the bytes it is answered with. */
  public record Case(JsonNode data) {

    /** Its number, from 1. */
    public int number() {
      return data.get("number").asInt();
    }

    /** Number and title. */
    public String name() {
      return number() + " " + data.get("title").asString();
    }

    private JsonNode expected() {
      return data.has("instead") ? data.get("instead") : data;
    }

    /** The answer's body; empty if the request is met with silence. */
    public Optional<String> answer() {
      return text(expected(), "answer");
    }

    /** The answer's status; 200 over WebSocket, which has none. */
    public int status() {
      return expected().path("status").asInt(200);
    }
  }

  private final JsonRpcServer server;
  private final JsonRpcServer serverWithRefs;
  private final Tokens tokens;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable TestSocket socket;

  /**
   * @param server holds fixture F1
   * @param serverWithRefs holds F1R: the same with deals that have places
   * @param tokens makes the callers' tokens
   */
  public CasePlayer(JsonRpcServer server, JsonRpcServer serverWithRefs, Tokens tokens) {
    this.server = server;
    this.serverWithRefs = serverWithRefs;
    this.tokens = tokens;
  }

  /** All cases, in the order in which they are played. */
  public static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(CasePlayer.class.getResourceAsStream("conformance-cases.json"))) {
      JsonMapper.builder()
          .build()
          .readTree(in)
          .get("cases")
          .forEach(each -> cases.add(new Case(each)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(cases).hasSize(CASES);
    return cases;
  }

  /** Plays the case and expects what it says. */
  public void play(Case each) throws Exception {
    play(each, each.status(), each.answer());
  }

  /** Plays the case and expects this. */
  public void play(Case each, int status, Optional<String> answer) throws Exception {
    if (each.data().get("transport").asString().equals("websocket")) {
      playOverWebSocket(each.data(), answer);
    } else {
      playOverHttp(each.data(), status, answer.orElse(""));
    }
  }

  private URI base(JsonNode each) {
    JsonRpcServer chosen =
        text(each, "fixture").filter("F1R"::equals).isPresent() ? serverWithRefs : server;
    return chosen.endpoint().base();
  }

  private static Optional<String> text(JsonNode each, String member) {
    return Optional.ofNullable(each.get(member)).map(JsonNode::asString);
  }

  private String token(String name) {
    return tokens.create(Objects.requireNonNull(TOKENS.get(name)), Optional.empty());
  }

  private void playOverHttp(JsonNode each, int status, String answer)
      throws IOException, InterruptedException {
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
    assertAnswer(response.body(), answer);
    assertThat(response.statusCode()).isEqualTo(status);
  }

  private void playOverWebSocket(JsonNode each, Optional<String> answer) throws Exception {
    if (!each.has("sameConnection")) {
      if (socket != null) {
        socket.close();
      }
      socket = TestSocket.open(server.endpoint().webSocket(), text(each, "token").map(this::token));
    }
    TestSocket open = Objects.requireNonNull(socket);
    open.send(each.get("request").asString());
    if (answer.isPresent()) {
      assertThat(open.next()).isEqualTo(answer.get() + "\n");
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

  @Override
  public void close() {
    if (socket != null) {
      socket.close();
    }
    http.close();
  }
}
