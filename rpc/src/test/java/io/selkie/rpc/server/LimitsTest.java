package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit met over a real socket: who passes it is told which, and others go on. */
class LimitsTest {

  private static final ServerLimits.Requests REQUESTS = TestServer.SMALL.requests();

  private TestServer server;
  private String bearer = "";

  @BeforeEach
  void start() throws IOException {
    restart(TestServer.SMALL);
  }

  private void restart(ServerLimits limits) throws IOException {
    if (server != null) {
      server.close();
    }
    server = TestServer.start(builder -> builder.limits(limits));
    bearer = "Authorization: Bearer " + server.token("read", "write") + "\r\n";
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(server.post(echo(1, "5"), bearer).body()).contains("\"result\":5");
    server.close();
  }

  private static String echo(int id, String param) {
    return "{\"id\":" + id + ",\"method\":\"Probe.Echo\",\"params\":[" + param + "]}";
  }

  private TestSocket socket(Optional<String> token) {
    return TestSocket.open(server.server.endpoint().webSocket(), token);
  }

  private TestSocket socket() {
    return socket(Optional.of(server.token("read")));
  }

  private void assertFault(String body, String fault) throws IOException {
    assertThat(server.post(body, bearer).body())
        .isEqualTo(
            "{\"error\":{\"code\":-32700,\"message\":\""
                + fault
                + "\"},\"id\":null,"
                + "\"jsonrpc\":\"2.0\"}\n");
  }

  @Test
  void body_overTheLimit_isRefused() throws Exception {
    String fits = echo(1, "\"" + "a".repeat(4096 - 47) + "\"");
    assertThat(fits).hasSizeLessThanOrEqualTo(REQUESTS.bodyBytes());
    assertThat(server.post(fits, bearer).body()).contains("\"result\":\"aaa");
    assertFault(" ".repeat(4097), "request bigger than maximum 4096 allowed");
  }

  @Test
  void body_ofOneWhoMayDoNothing_isRefusedFromTheFirstByte() throws Exception {
    String body = echo(1, "\"" + "a".repeat(1100) + "\"");
    assertThat(server.post(body, "").body())
        .contains("request bigger than maximum 1024 allowed without a token");
    assertThat(server.post(echo(1, "2"), "").body()).contains("missing permission");
    // Announced only: the answer comes although nothing was sent.
    try (Socket socket = server.connect()) {
      socket
          .getOutputStream()
          .write(
              "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 99999\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] head = socket.getInputStream().readNBytes(15);
      assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 500 Se");
    }
    // A form, which might hold a token, has no more room.
    String form = "Content-Type: application/x-www-form-urlencoded\r\n";
    String hidden = "a=" + "b".repeat(1100) + "&token=" + server.token("read");
    assertThat(server.post(hidden, form).body()).contains("Invalid request");
  }

  @Test
  void message_ofOneWhoMayDoNothing_isRefusedInItsFirstFragments() throws Exception {
    try (TestSocket stranger = socket(Optional.empty())) {
      stranger.send(echo(1, "1"));
      assertThat(stranger.next()).contains("missing permission");
      for (int i = 0; i < 3; i++) {
        stranger.socket().sendText("a".repeat(400), false).join();
      }
      assertThat(stranger.closed())
          .isEqualTo("1009 request bigger than maximum 1024 allowed without a token");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void message_overTheLimit_endsItsConnection(boolean text) throws Exception {
    try (TestSocket socket = socket()) {
      WebSocket to = socket.socket();
      for (int i = 0; i < 5; i++) {
        if (text) {
          to.sendText("a".repeat(1000), false).join();
        } else {
          to.sendBinary(java.nio.ByteBuffer.allocate(1000), false).join();
        }
      }
      assertThat(socket.closed()).isEqualTo("1009 request bigger than maximum 4096 allowed");
    }
  }

  @Test
  void message_inManyFragments_isOneRequest() throws Exception {
    try (TestSocket socket = socket()) {
      String request = echo(7, "\"\u00e4\u20ac\ud83d\ude00\"");
      for (int i = 0; i < request.length(); i++) {
        if (Character.isHighSurrogate(request.charAt(i))) {
          socket.socket().sendText(request.substring(i, i + 2), false).join();
          i++;
        } else {
          socket.socket().sendText(request.substring(i, i + 1), false).join();
        }
      }
      socket.socket().sendText("", true).join();
      assertThat(socket.next()).contains("\"result\":\"\u00e4\u20ac\ud83d\ude00\"");
    }
  }

  @Test
  void message_thatDoesNotEnd_endsItsConnection() throws Exception {
    ServerLimits.Times times = TestServer.SMALL.times();
    restart(
        TestServer.SMALL.with(
            new ServerLimits.Times(
                times.idle(),
                Duration.ofMillis(300),
                times.send(),
                times.meeting(),
                Duration.ofMillis(50),
                times.silence(),
                times.call())));
    try (TestSocket socket = socket()) {
      socket.socket().sendText("{", false).join();
      assertThat(socket.closed()).isEqualTo("1008 request took longer than 300 ms to arrive");
    }
  }

  @Test
  void batch_overTheLimit_isRefused() throws Exception {
    assertFault(
        "[" + "{},".repeat(5) + "{}]",
        "batch of 6 requests is bigger than maximum 5 allowed (API.MaxBatch)");
  }

  @Test
  void batch_ofLargeAnswers_isAnsweredUpToTheLimit() throws Exception {
    restart(TestServer.SMALL.with(new ServerLimits.Answers(1 << 20, 2500)));
    String large = echo(1, "\"" + "a".repeat(1000) + "\"");
    String body = server.post("[" + large + "," + large + "," + large + "]", bearer).body();
    assertThat(body.split("\"result\":", -1)).hasSize(3);
    assertThat(body)
        .contains("\"message\":\"answers of the batch are bigger than maximum 2500\"},\"id\":1");
  }

  @Test
  void nesting_overTheLimit_isRefused() throws Exception {
    String deep = "[".repeat(600);
    assertFault(echo(1, deep), "request nested deeper than maximum 512 allowed");
    try (TestSocket socket = socket()) {
      socket.send(echo(1, deep));
      assertThat(socket.next())
          .contains("\"message\":\"request nested deeper than maximum 512 allowed\"},\"id\":null");
      socket.send(echo(1, "3"));
      assertThat(socket.next()).contains("\"result\":3");
    }
  }

  @Test
  void values_overTheLimit_areRefused() throws Exception {
    assertFault(
        echo(1, "[" + "1,".repeat(1600) + "1]"),
        "request of more values than maximum 1500 allowed");
  }

  @Test
  void number_overTheLimit_isRefused() throws Exception {
    restart(
        TestServer.SMALL.with(
            new ServerLimits.Requests(
                8000, REQUESTS.strangerBytes(), 5, REQUESTS.values(), 20, 2)));
    assertFault(
        echo(1, "1".repeat(5000)), "request with a number longer than maximum 4096 allowed");
  }

  @Test
  void parameters_moreThanTheMethodHas_areRefused() throws Exception {
    assertThat(server.post(echo(1, "1,2"), bearer).body())
        .contains(
            "\"code\":-32602,\"message\":\"wrong param count (method 'Probe.Echo'): 2 != 1\"");
  }

  @Test
  void strangers_overTheirNumber_areTurnedAway_untilOneLeaves() throws Exception {
    List<TestSocket> open = new ArrayList<>();
    for (int i = 0; i < TestServer.SMALL.sockets().strangers(); i++) {
      TestSocket stranger = socket(Optional.empty());
      stranger.send(echo(1, "1"));
      assertThat(stranger.next()).contains("missing permission");
      open.add(stranger);
    }
    try (TestSocket surplus = socket(Optional.empty())) {
      assertThat(surplus.closed()).isEqualTo("1013 more than maximum 3 WebSockets without a token");
    }
    try (TestSocket known = socket()) {
      known.send(echo(1, "1"));
      assertThat(known.next()).contains("\"result\":1");
    }
    open.removeFirst().close();
    Optional<String> answer = Optional.empty();
    for (int tries = 0; answer.isEmpty() && tries < 100; tries++) {
      try (TestSocket again = socket(Optional.empty())) {
        again.send(echo(1, "1"));
        answer = again.nextWithin(50);
      }
    }
    assertThat(answer).isPresent();
    open.forEach(TestSocket::close);
  }

  /** Who uses an id again cannot hold more channels than one who does not. */
  @Test
  void channels_underOneId_endEachOther() throws Exception {
    restart(TestServer.subscriptions(6));
    try (TestSocket socket = socket()) {
      for (int i = 1; i <= 20; i++) {
        socket.send("{\"id\":1,\"method\":\"Probe.Forever\",\"params\":[]}");
        String first = socket.next();
        assertThat(first).contains("\"result\":" + i);
        if (i > 1) {
          assertThat(socket.next())
              .isEqualTo(
                  "{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.close\",\"params\":["
                      + (i - 1)
                      + "]}\n");
        }
      }
    }
    try (TestSocket other = socket()) {
      String answer = "";
      for (int tries = 0; !answer.contains("result") && tries < 100; tries++) {
        Thread.sleep(20);
        other.send("{\"id\":1,\"method\":\"Probe.Forever\",\"params\":[]}");
        answer = other.next();
      }
      assertThat(answer).contains("\"result\"");
    }
  }

  /** Lists are asked for and not read: what is kept for them is bounded, and so is the time. */
  @Test
  void answers_nobodyTakes_areGivenUpOverTheLimit_andInTime() throws Exception {
    ServerLimits.Times times = TestServer.SMALL.times();
    restart(
        TestServer.SMALL
            .with(new ServerLimits.Requests(40_000_000, 1024, 5, 1500, 20, 4))
            .with(new ServerLimits.Answers(20_000_000, 1 << 16))
            .with(
                new ServerLimits.Times(
                    // Not the time for silence ends the slow client, but that for the answer.
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(3),
                    times.send(),
                    times.meeting(),
                    times.pingInterval(),
                    times.silence(),
                    times.call())));
    // More than the buffers of a loopback connection take.
    String large = echo(1, "\"" + "a".repeat(15_000_000) + "\"");
    try (Socket slow = server.connect()) {
      byte[] body = large.getBytes(StandardCharsets.US_ASCII);
      String head =
          "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\n" + bearer + "Content-Length: " + body.length;
      slow.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().write(body);
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      TestServer.Answer refused = server.post(large, bearer);
      String fault =
          " bytes is given up: more than maximum 20000000 bytes of answers wait for slow clients\"";
      assertThat(refused.body()).contains("\"message\":\"answer of 15000037" + fault);
      try (TestSocket socket = socket()) {
        socket.send(large);
        assertThat(socket.next())
            .startsWith("{\"error\":{\"code\":1,\"message\":\"answer of 15000036" + fault)
            .contains("\"id\":1");
      }
      TestServer.Answer answer = refused;
      for (int tries = 0; answer.body().length() < 1000 && tries < 50; tries++) {
        Thread.sleep(200);
        answer = server.post(large, bearer);
      }
      assertThat(answer.body()).hasSizeGreaterThan(15_000_000);
    }
  }

  /** A call whose request is padded, so that it needs a place while it runs. */
  private static String padded(String method, long argument) {
    return "{\"id\":1,\"method\":\"Probe."
        + method
        + "\",\"params\":["
        + argument
        + "]}"
        + " ".repeat(ServerLimits.SMALL_BODY);
  }

  @Test
  void bodiesOfLargeSize_beyondTheirNumber_waitAndAreRefused() throws Exception {
    restart(TestServer.SMALL.with(new ServerLimits.Requests(4_000_000, 1024, 5, 1500, 20, 1)));
    String room = " ".repeat(ServerLimits.LARGE_BODY);
    try (TestSocket first = socket()) {
      first.send(padded("Sleep", 60_000) + room);
      assertThat(server.probe.asleep.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      assertThat(server.post(padded("Echo", 2), bearer).body()).contains("\"result\":2");
      assertThat(server.post(padded("Echo", 3) + room, bearer).body())
          .contains("\"code\":-32700,\"message\":\"more than 1 large requests at once\"");
    }
    String answer = "";
    for (int tries = 0; !answer.contains("result") && tries < 20; tries++) {
      answer = server.post(padded("Echo", 5) + room, bearer).body();
    }
    assertThat(answer).contains("\"result\":5");
  }

  @Test
  void itemsOfABatch_overTheNumberAtOnce_wait() throws Exception {
    restart(TestServer.SMALL.with(new ServerLimits.Requests(65_536, 1024, 100, 1500, 20, 2)));
    String item = "{\"id\":1,\"method\":\"Probe.Sleep\",\"params\":[20]}";
    String body = server.post("[" + (item + ",").repeat(99) + item + "]", bearer).body();
    assertThat(body.split("\"result\":true", -1)).hasSize(101);
    assertThat(server.probe.most.get()).isBetween(2, ServerLimits.MAX_BATCH_PARALLEL);
  }

  @Test
  void header_overTheLimit_isRefused() throws Exception {
    String most = "X-Padding: " + "a".repeat(7000) + "\r\n";
    assertThat(server.post(echo(1, "1"), bearer + most).status()).isEqualTo(200);
    TestServer.Answer refused = server.post(echo(1, "1"), bearer + most + most);
    assertThat(refused.status()).isEqualTo(431);
    assertThat(refused.body()).isEqualTo("request header bigger than maximum 8192 bytes\n");
    String line = "GET /rpc/v0?token=" + "a".repeat(ServerLimits.MAX_HEADER_BYTES);
    TestServer.Answer longer = server.get(line, "");
    assertThat(longer.status()).isEqualTo(414);
    assertThat(longer.body()).isEqualTo(refused.body());
  }

  /** A header is shorter than that; a form is not. */
  @Test
  void token_overTheLimit_isRefused_thoughItIsGood() throws Exception {
    restart(ServerLimits.DEFAULT);
    String form = "Content-Type: application/x-www-form-urlencoded\r\n";
    for (int length : new int[] {5500, 6500}) {
      String token = server.token("read", "x".repeat(length));
      boolean fits = token.length() <= Tokens.MAX_TOKEN;
      assertThat(fits).isEqualTo(length == 5500);
      // The form's body is taken as such: who is let in has sent no request.
      assertThat(server.post("token=" + token, form).status()).isEqualTo(fits ? 400 : 401);
    }
  }

  @Test
  void bodiesOfMiddlingSize_beyondTheirNumber_waitAndAreRefused() throws Exception {
    restart(TestServer.SMALL.with(new ServerLimits.Requests(1_000_000, 1024, 5, 1500, 1, 1)));
    try (TestSocket first = socket();
        TestSocket second = socket()) {
      first.send(padded("Sleep", 60_000));
      assertThat(server.probe.asleep.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      // Small ones go by; another of its size waits for its time and is refused, over both ways.
      assertThat(server.post(echo(1, "2"), bearer).body()).contains("\"result\":2");
      assertThat(server.post(padded("Echo", 3), bearer).body())
          .contains("\"message\":\"more than 1 requests at once\"");
      second.send(padded("Echo", 4));
      assertThat(second.closed()).endsWith("more than 1 requests at once");
      first.socket().abort();
    }
    assertThat(server.probe.interrupted.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    String answer = "";
    for (int tries = 0; !answer.contains("result") && tries < 20; tries++) {
      answer = server.post(padded("Echo", 5), bearer).body();
    }
    assertThat(answer).contains("\"result\":5");
  }

  /** Nothing of a client is read while its message waits: it is not taken for dead meanwhile. */
  @Test
  void messageOfMiddlingSize_thatWaitsLongerThanSilenceMayLast_isToldSo() throws Exception {
    restart(
        TestServer.pings(Duration.ofMillis(50), Duration.ofMillis(300))
            .with(new ServerLimits.Requests(1_000_000, 1024, 5, 1500, 1, 1)));
    try (TestSocket first = socket();
        TestSocket second = socket()) {
      first.send(padded("Sleep", 60_000));
      assertThat(server.probe.asleep.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      second.send(padded("Echo", 4));
      // The wait for a place and the time for a message end at the same moment.
      assertThat(second.closed())
          .isIn("1009 more than 1 requests at once", "1008 request took longer than 2 s to arrive");
    }
  }

  /** Who sends half of such a body and no more keeps others waiting for the time of a body. */
  @Test
  void bodyOfMiddlingSize_thatDoesNotCome_givesItsPlaceBackInTime() throws Exception {
    restart(TestServer.SMALL.with(new ServerLimits.Requests(1_000_000, 1024, 5, 1500, 1, 1)));
    try (Socket slow = server.connect()) {
      String head =
          "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + bearer
              + "Content-Length: 60000\r\n\r\n";
      slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().write(" ".repeat(30_000).getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().flush();
      String answer = "";
      for (int tries = 0; !answer.contains("result") && tries < 20; tries++) {
        answer = server.post(padded("Echo", 6), bearer).body();
      }
      assertThat(answer).contains("\"result\":6");
    }
  }
}
