package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls, channels and silence over WebSocket. */
class WebSocketTest {

  private @Nullable TestServer started;
  private @Nullable TestSocket opened;

  @BeforeEach
  void start() throws IOException {
    started = TestServer.start(builder -> builder.limits(TestServer.SMALL));
    opened =
        TestSocket.open(
            started.server.endpoint().webSocket(), Optional.of(started.token("read", "write")));
  }

  @AfterEach
  void stop() throws IOException {
    socket().close();
    server().close();
  }

  private TestServer server() {
    return Objects.requireNonNull(started);
  }

  private TestSocket socket() {
    return Objects.requireNonNull(opened);
  }

  private static String call(String id, String method, String params) {
    return "{\"id\":" + id + ",\"method\":\"Probe." + method + "\",\"params\":[" + params + "]}";
  }

  @Test
  void frames_ofAnyKind_carryACall() throws InterruptedException {
    WebSocket raw = socket().socket();
    byte[] message = call("1", "Echo", "\"é\"").getBytes(StandardCharsets.UTF_8);
    raw.sendBinary(ByteBuffer.wrap(message), true).join();
    assertThat(socket().next()).isEqualTo("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":\"é\"}\n");
    String text = call("2", "Echo", "2");
    for (int i = 0; i < text.length(); i++) {
      raw.sendText(text.substring(i, i + 1), i == text.length() - 1).join();
    }
    assertThat(socket().next()).contains("\"result\":2");
  }

  @Test
  void messages_thatAreNoRequest_areIgnored() throws InterruptedException {
    for (String message :
        new String[] {
          "garbage",
          "[]",
          "5",
          "null",
          "{}",
          "{\"id\":true,\"method\":\"Probe.Echo\",\"params\":[1]}",
          "{\"id\":1,\"result\":5}",
          "{\"method\":\"Probe.Nope\"}",
          "{\"method\":\"Probe.Crash\"}",
          "{\"method\":\"Probe.Echo\",\"params\":[1,2]}",
          "{\"method\":\"xrpc.cancel\",\"params\":{}}",
          "{\"method\":\"xrpc.cancel\",\"params\":[{}]}"
        }) {
      socket().send(message);
    }
    socket().send(call("\"last\"", "Echo", "1"));
    assertThat(socket().next()).contains("\"id\":\"last\"");
  }

  @Test
  void calls_runConcurrently_andAnswerAsTheyEnd() throws InterruptedException {
    socket().send(call("1", "Sleep", "600"));
    socket().send(call("2", "Echo", "2"));
    assertThat(socket().next()).contains("\"id\":2");
    assertThat(socket().next()).contains("\"id\":1");
  }

  @Test
  void calls_overTheLimitPerConnection_waitAndAreAnswered() throws InterruptedException {
    for (int i = 1; i <= 6; i++) {
      socket().send(call(Integer.toString(i), "Sleep", "50"));
    }
    List<String> answers = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      answers.add(socket().next());
    }
    assertThat(answers).doesNotHaveDuplicates().allMatch(each -> each.contains("true"));
  }

  @Test
  void cancel_ofARunningCall_interruptsIt() throws InterruptedException {
    socket().send(call("7", "Sleep", "60000"));
    assertThat(server().probe.asleep.await(5, TimeUnit.SECONDS)).isTrue();
    socket().send("{\"method\":\"xrpc.cancel\",\"params\":[7.0]}");
    assertThat(socket().next())
        .isEqualTo(
            "{\"error\":{\"code\":1,\"message\":\"context canceled\"},\"id\":7,"
                + "\"jsonrpc\":\"2.0\"}\n");
  }

  @Test
  void endOfTheConnection_cancelsItsCalls() throws InterruptedException {
    socket().send(call("1", "Sleep", "60000"));
    assertThat(server().probe.asleep.await(5, TimeUnit.SECONDS)).isTrue();
    socket().socket().abort();
    assertThat(server().probe.interrupted.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void endOfTheConnection_cancelsNotificationsAndCallsOfOneId() throws Exception {
    ServerLimits more = TestServer.SMALL.with(new ServerLimits.Sockets(100, 100, 3, 4, 4, 4, 4));
    try (TestServer roomy = TestServer.start(builder -> builder.limits(more));
        TestSocket mine =
            TestSocket.open(
                roomy.server.endpoint().webSocket(), Optional.of(roomy.token("read")))) {
      mine.send("{\"method\":\"Probe.Sleep\",\"params\":[60000]}");
      mine.send(call("1", "Sleep", "60001"));
      mine.send(call("1", "Sleep", "60002"));
      awaitThree(roomy.probe.begun);
      mine.socket().abort();
      awaitThree(roomy.probe.ended);
    }
  }

  private static void awaitThree(AtomicInteger count) throws InterruptedException {
    for (int i = 0; i < 250 && count.get() < 3; i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(count).hasValue(3);
  }

  @Test
  void channel_sendsItsValues_thenCloses() throws InterruptedException {
    socket().send(call("1", "Numbers", "3"));
    assertThat(socket().next()).isEqualTo("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":1}\n");
    for (int i = 1; i <= 3; i++) {
      assertThat(socket().next())
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.val\",\"params\":[1," + i + "]}\n");
    }
    assertThat(socket().next())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.close\",\"params\":[1]}\n");
  }

  @Test
  void cancel_ofAChannel_closesIt() throws InterruptedException {
    socket().send(call("1", "Numbers", "1000000"));
    String first = socket().next();
    socket().send("{\"method\":\"xrpc.cancel\",\"params\":[1]}");
    assertThat(first).contains("\"result\":1");
    String message = socket().next();
    while (message.contains("xrpc.ch.val")) {
      message = socket().next();
    }
    assertThat(message).contains("xrpc.ch.close");
  }

  @Test
  void server_pingsEveryFiveSeconds_andEchoesTheCloseCode() throws InterruptedException {
    assertThat(socket().pingWithin(7000)).contains(0);
    socket().socket().sendClose(4001, "bye").join();
    for (int i = 0; i < 50 && socket().closeCode().isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(socket().closeCode()).contains(4001);
  }

  @Test
  void handshake_thatIsFaulty_isRefused() throws IOException {
    String upgrade = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n";
    String key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    String version = "Sec-WebSocket-Version: 13\r\n";
    String[][] refused = {
      {"GET", upgrade + key, "400", "Bad Request\n"},
      {"GET", upgrade + key + "Sec-WebSocket-Version: 12\r\n", "400", "Bad Request\n"},
      {"GET", upgrade + version, "400", "Bad Request\n"},
      {"GET", "Connection: Upgrade\r\n" + key + version, "400", "Bad Request\n"},
      {"POST", upgrade + key + version, "405", "Method Not Allowed\n"},
    };
    for (String[] each : refused) {
      String request = each[0] + " /rpc/v0 HTTP/1.1\r\nHost: x\r\n" + each[1] + "\r\n";
      try (var raw = server().connect()) {
        raw.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        raw.shutdownOutput();
        TestServer.Answer answer = TestServer.read(raw);
        assertThat(answer.status()).as(request).hasToString(each[2]);
        assertThat(answer.body()).isEqualTo(each[3]);
        assertThat(answer.head())
            .contains("Sec-WebSocket-Version: 13")
            .contains("Access-Control-Allow-Origin: *");
      }
    }
  }

  @Test
  void handshake_offersNeitherProtocolNorCompression() throws IOException {
    String request =
        """
        GET /rpc/v0 HTTP/1.1
        Host: x
        Origin: http://elsewhere
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Protocol: a, b
        Sec-WebSocket-Extensions: permessage-deflate

        """
            .replace("\n", "\r\n");
    try (var raw = server().connect()) {
      raw.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) raw.getInputStream().read());
      }
      assertThat(head.toString())
          .startsWith("HTTP/1.1 101")
          .doesNotContain("Sec-WebSocket-Protocol")
          .doesNotContain("Extensions")
          .doesNotContain("Allow-Origin");
    }
  }
}
