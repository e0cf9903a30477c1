package io.selkie.rpc.suite;

import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Plays cases against a running server, over real sockets. Cases that follow each other over one
 * WebSocket connection have to be played in order; not thread-safe.
 */
public final class CasePlayer implements AutoCloseable {

  /** How long a WebSocket answer may take. */
  private static final long ANSWER_MS = 10_000;

  /** A server pings every 5 s; twice that and a little. */
  private static final long PING_MS = 11_000;

  /** Between two looks at a state that is on its way. */
  private static final long RETRY_MS = 50;

  private final MinerEndpoint server;
  private final Map<String, String> tokens;
  private @Nullable SuiteSocket socket;

  /**
   * @param server where it listens; its token is not looked at
   * @param tokens by the names that the cases use: read, write, admin, adminonly
   */
  public CasePlayer(MinerEndpoint server, Map<String, String> tokens) {
    this.server = server;
    this.tokens = Map.copyOf(tokens);
  }

  /** The tokens of the cases, signed with the server's secret. */
  public static Map<String, String> tokens(Tokens signer) {
    return Map.of(
        "read", signer.create(List.of("read"), Optional.empty()),
        "write", signer.create(List.of("read", "write"), Optional.empty()),
        "admin", signer.create(List.of("read", "write", "sign", "admin"), Optional.empty()),
        "adminonly", signer.create(List.of("admin"), Optional.empty()));
  }

  /**
   * Plays a case.
   *
   * @return empty if the server answers as recorded, else the difference in one line
   */
  public Optional<String> play(ConformanceCase each) throws InterruptedException {
    try {
      return each.isWebSocket() ? overWebSocket(each) : overHttp(each);
    } catch (IOException | CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      return Optional.of("no answer: " + cause);
    }
  }

  private String token(String name) {
    String token = tokens.get(name);
    if (token == null) {
      throw new IllegalStateException("no token '" + name + "' is known");
    }
    return token;
  }

  private Optional<String> overHttp(ConformanceCase each) throws IOException, InterruptedException {
    ConformanceCase.Answer wanted = each.answer();
    long deadline = System.nanoTime() + wanted.withinMs() * 1_000_000;
    while (true) {
      RawHttp.Answer came = exchange(each.request());
      Optional<String> difference = Difference.of(wanted, came);
      for (ConformanceCase.Answer other : each.alternatives()) {
        difference = difference.flatMap(first -> Difference.of(other, came).map(_ -> first));
      }
      if (difference.isEmpty() || System.nanoTime() >= deadline) {
        return difference;
      }
      Thread.sleep(RETRY_MS);
    }
  }

  private RawHttp.Answer exchange(JsonValue.Obj request) throws IOException {
    List<RawHttp.Field> headers = new ArrayList<>();
    CaseData.text(request, "token")
        .ifPresent(
            name -> headers.add(new RawHttp.Field("Authorization", "Bearer " + token(name))));
    CaseData.object(request, "headers")
        .ifPresent(named ->
            named
                .members()
                .forEach(field ->
                    headers.add(
                        new RawHttp.Field(field.name(), ((JsonValue.Str) field.value()).value()))));
    String path = CaseData.text(request, "path").orElse(MinerEndpoint.RPC_PATH);
    String query =
        CaseData.text(request, "queryToken").map(name -> "?token=" + token(name)).orElse("");
    byte[] body = CaseData.text(request, "body").orElse("").getBytes(StandardCharsets.UTF_8);
    return RawHttp.send(
        server.base(), CaseData.text(request, "verb").orElse("POST"), path + query, headers, body);
  }

  private Optional<String> overWebSocket(ConformanceCase each)
      throws IOException, InterruptedException {
    SuiteSocket open = socket;
    if (open == null || !each.isOnSameConnection()) {
      close();
      URI url = server.webSocket();
      open = new SuiteSocket(url, CaseData.text(each.data(), "token").map(this::token));
      socket = open;
    }
    for (JsonValue.Obj step : each.steps()) {
      Optional<String> difference = step(open, step);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  /** One step: a member that names what is done, with what. */
  private Optional<String> step(SuiteSocket open, JsonValue.Obj step)
      throws IOException, InterruptedException {
    JsonValue.Member only = step.members().getFirst();
    switch (only.name()) {
      case "send" -> open.send(text(only));
      case "sendBinary" -> open.sendBinary(text(only));
      case "sendPing" -> open.sendPing(text(only));
      case "sendClose" -> open.sendClose(number(only));
      case "sendParts" -> {
        List<String> parts = CaseData.texts(step, "sendParts");
        for (int i = 0; i < parts.size(); i++) {
          open.sendPart(parts.get(i), i == parts.size() - 1);
        }
      }
      case "receive" -> {
        return received("message", Difference.withNewline(text(only)), open.message(ANSWER_MS));
      }
      case "receivePong" -> {
        return received("pong", text(only), open.pong(ANSWER_MS));
      }
      case "receivePing" -> {
        return received("ping", text(only), open.ping(PING_MS));
      }
      case "receiveClose" -> {
        return received(
            "close", Integer.toString(number(only)), open.closed(ANSWER_MS).map(String::valueOf));
      }
      case "nothing" -> {
        return open.message(number(only)).map(came -> "no answer wanted, came '" + came + "'");
      }
      case "http" -> {
        return meanwhile((JsonValue.Obj) only.value());
      }
      default -> throw new IllegalStateException("unknown step '" + only.name() + "'");
    }
    return Optional.empty();
  }

  /** An exchange over HTTP while the connection stands. */
  private Optional<String> meanwhile(JsonValue.Obj both) throws IOException, InterruptedException {
    JsonValue.Builder data = JsonValue.object();
    both.members().forEach(each -> data.put(each.name(), each.value()));
    return overHttp(new ConformanceCase("", data.build()));
  }

  private static Optional<String> received(String what, String wanted, Optional<String> came) {
    return came.isEmpty()
        ? Optional.of("no " + what + ", wanted '" + wanted.strip() + "'")
        : Difference.text(wanted, came.get());
  }

  private static String text(JsonValue.Member member) {
    return ((JsonValue.Str) member.value()).value();
  }

  private static int number(JsonValue.Member member) {
    return Integer.parseInt(((JsonValue.Num) member.value()).literal());
  }

  @Override
  public void close() {
    SuiteSocket open = socket;
    socket = null;
    if (open != null) {
      open.close();
    }
  }
}
