package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushed streams in greater number than is allowed, over real sockets. */
class PushLimitTest {

  private TestServer server;
  private String bearer = "";

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(builder -> builder.limits(TestServer.streams(2)));
    bearer = "Authorization: Bearer " + server.token("write") + "\r\n";
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static String count(UUID stream) {
    return "{\"id\":1,\"method\":\"Probe.Count\",\"params\":[{\"Type\":\"push\",\"Info\":\""
        + stream
        + "\"}]}";
  }

  /** Begins a call that waits for its stream, which nobody has announced. */
  private Socket begun(UUID stream) throws IOException {
    String body = count(stream);
    return sent(
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + bearer
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private Socket sent(String request) throws IOException {
    Socket socket = server.connect();
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Begins to deliver; the answer to a HEAD comes once the call asks for the data. */
  private Socket announced(UUID stream) throws IOException {
    return sent("HEAD " + path(stream) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  private static String path(UUID stream) {
    return "/rpc/streams/v0/push/" + stream;
  }

  private TestServer.Answer delivered(UUID stream) throws IOException {
    String head = "POST " + path(stream) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    return server.raw((head + "Content-Length: 3\r\n\r\nabc").getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void calls_overTheLimitOfStreams_areToldSo_untilAnotherEnds() throws Exception {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    UUID third = UUID.randomUUID();
    try (Socket one = begun(first);
        Socket two = begun(second)) {
      // Answered only once its call wants the data: both calls hold their places then.
      for (UUID each : new UUID[] {first, second}) {
        try (Socket head = announced(each)) {
          assertThat(TestServer.read(head).status()).isEqualTo(200);
        }
      }
      assertThat(server.post(count(third), bearer).body())
          .isEqualTo(
              "{\"error\":{\"code\":-32700,\"message\":\"decoding params for 'Probe.Count' (param:"
                  + " 0; custom decoder): more than maximum 2 pushed streams at"
                  + " once\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
      assertThat(delivered(first).status()).isEqualTo(200);
      assertThat(TestServer.read(one).body()).contains("\"result\":3");
      try (Socket again = begun(third)) {
        assertThat(delivered(third).status()).isEqualTo(200);
        assertThat(TestServer.read(again).body()).contains("\"result\":3");
      }
      assertThat(delivered(second).status()).isEqualTo(200);
      assertThat(TestServer.read(two).body()).contains("\"result\":3");
    }
  }

  /** A caller who hangs up gives his place back, although nobody delivered anything. */
  @Test
  void call_thatIsGivenUp_givesItsPlaceBack() throws Exception {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    Socket one = begun(first);
    try (Socket two = begun(second)) {
      for (UUID each : new UUID[] {first, second}) {
        try (Socket head = announced(each)) {
          assertThat(TestServer.read(head).status()).isEqualTo(200);
        }
      }
      String ignoring = count(UUID.randomUUID()).replace("Count", "Ignore");
      assertThat(server.post(ignoring, bearer).body()).contains("pushed streams at once");
      one.close();
      String answer = "";
      for (int tries = 0; !answer.contains("result") && tries < 200; tries++) {
        Thread.sleep(20);
        answer = server.post(ignoring, bearer).body();
      }
      assertThat(answer).contains("\"result\":null");
      assertThat(delivered(second).status()).isEqualTo(200);
      assertThat(TestServer.read(two).body()).contains("\"result\":3");
    }
  }

  @Test
  void announcements_overTheLimit_areToldSo_untilOneLeaves() throws Exception {
    Map<UUID, Socket> waiting = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      UUID stream = UUID.randomUUID();
      waiting.put(stream, announced(stream));
    }
    UUID surplus = firstAnswered(waiting);
    try (Socket refused = Objects.requireNonNull(waiting.remove(surplus))) {
      assertThat(TestServer.read(refused).status()).isEqualTo(503);
    }
    TestServer.Answer refused = delivered(surplus);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body())
        .isEqualTo("more than maximum 2 streams announced without a call at once\n");
    // Those that were there first are served, and leave their places.
    for (Map.Entry<UUID, Socket> each : waiting.entrySet()) {
      try (Socket head = each.getValue();
          Socket call = begun(each.getKey())) {
        assertThat(TestServer.read(head).status()).isEqualTo(200);
        assertThat(delivered(each.getKey()).status()).isEqualTo(200);
        assertThat(TestServer.read(call).body()).contains("\"result\":3");
      }
    }
    try (Socket head = announced(surplus);
        Socket call = begun(surplus)) {
      assertThat(TestServer.read(head).status()).isEqualTo(200);
      assertThat(delivered(surplus).status()).isEqualTo(200);
      assertThat(TestServer.read(call).body()).contains("\"result\":3");
    }
  }

  @Test
  void announcements_ofOneAddress_doNotKeepOthersOut() throws Exception {
    stop();
    server =
        TestServer.start(builder ->
            builder.limits(TestServer.streams(2 * PushStreams.ADDRESS_SHARE)).countLoopback());
    bearer = "Authorization: Bearer " + server.token("write") + "\r\n";
    Map<UUID, Socket> waiting = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      UUID stream = UUID.randomUUID();
      waiting.put(stream, announced(stream));
    }
    UUID surplus = firstAnswered(waiting);
    try (Socket refused = Objects.requireNonNull(waiting.remove(surplus))) {
      assertThat(TestServer.read(refused).status()).isEqualTo(503);
    }
    assertThat(delivered(surplus).body())
        .isEqualTo("more than maximum 2 streams of one address announced without a call at once\n");
    // Whoever calls first needs no place among them, and those that are called for leave theirs.
    try (Socket call = begun(surplus)) {
      TestServer.Answer taken = delivered(surplus);
      for (int tries = 0; taken.status() == 503 && tries < 200; tries++) {
        Thread.sleep(20);
        taken = delivered(surplus);
      }
      assertThat(taken.status()).isEqualTo(200);
      assertThat(TestServer.read(call).body()).contains("\"result\":3");
    }
    for (Map.Entry<UUID, Socket> each : waiting.entrySet()) {
      try (Socket head = each.getValue();
          Socket call = begun(each.getKey())) {
        assertThat(TestServer.read(head).status()).isEqualTo(200);
        assertThat(delivered(each.getKey()).status()).isEqualTo(200);
        assertThat(TestServer.read(call).body()).contains("\"result\":3");
      }
    }
  }

  /** Two of three hold the places whichever came first, so one is answered at once. */
  private static UUID firstAnswered(Map<UUID, Socket> waiting) throws Exception {
    for (int tries = 0; tries < 500; tries++) {
      for (Map.Entry<UUID, Socket> each : waiting.entrySet()) {
        if (each.getValue().getInputStream().available() > 0) {
          return each.getKey();
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("none was answered in time");
  }
}
