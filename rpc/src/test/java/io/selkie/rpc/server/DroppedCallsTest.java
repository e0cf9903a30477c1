package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller over HTTP who hangs up, and those who only look as if they did. */
@Timeout(60)
final class DroppedCallsTest {

  /** Longer than any test; a call that nobody cancels is noticed by the time limit. */
  private static final long FOR_EVER_MS = 3_600_000;

  /** Well beyond the moment in which a caller is not watched. */
  private static final long LONG_MS = 5 * DroppedCalls.UNWATCHED.toMillis();

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(builder -> builder.anonymousRead(true));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static String call(String id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}"
        .formatted(id, method, params);
  }

  private static byte[] post(String body) {
    return ("POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private Socket sent(String body) throws IOException {
    Socket socket = server.connect();
    socket.getOutputStream().write(post(body));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Reads one answer with a Content-Length. */
  private static String answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("the connection ended after '%s'", head).isNotNegative();
      head.append((char) next);
    }
    String length = head.toString().split("(?i)content-length: ", 2)[1].split("\r\n", 2)[0];
    return new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.US_ASCII);
  }

  @Test
  void call_whoseCallerCloses_isCancelled() throws Exception {
    try (Socket _ = sent(call("1", "Probe.Sleep", "[" + FOR_EVER_MS + "]"))) {
      server.probe.asleep.await();
    }
    assertThat(server.probe.interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void call_whoseCallerResets_isCancelled() throws Exception {
    Socket socket = sent(call("1", "Probe.Sleep", "[" + FOR_EVER_MS + "]"));
    server.probe.asleep.await();
    socket.setSoLinger(true, 0);
    socket.close();
    assertThat(server.probe.interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /** As in the reference: nothing more can come from this caller. It still hears how it ended. */
  @Test
  void call_whoseCallerEndsItsSide_isCancelledAndAnswered() throws Exception {
    try (Socket socket = sent(call("1", "Probe.Sleep", "[" + FOR_EVER_MS + "]"))) {
      server.probe.asleep.await();
      socket.shutdownOutput();
      assertThat(answer(socket.getInputStream())).contains("\"message\":\"context canceled\"");
    }
  }

  @Test
  void shortCall_whoseCallerEndsItsSide_isAnswered() throws Exception {
    try (Socket socket = sent(call("1", "Probe.Echo", "[\"here\"]"))) {
      socket.shutdownOutput();
      assertThat(answer(socket.getInputStream())).contains("\"result\":\"here\"");
    }
  }

  @Test
  void batch_whoseCallerCloses_isCancelledWholly() throws Exception {
    String sleep = call("1", "Probe.Sleep", "[" + FOR_EVER_MS + "]");
    String items = ("," + sleep).repeat(3 * ServerLimits.MAX_BATCH_PARALLEL).substring(1);
    try (Socket _ = sent("[" + items + "]")) {
      while (server.probe.begun.get() < ServerLimits.MAX_BATCH_PARALLEL) {
        Thread.sleep(5);
      }
    }
    while (server.probe.ended.get() < ServerLimits.MAX_BATCH_PARALLEL) {
      Thread.sleep(5);
    }
    assertThat(server.probe.begun)
        .as("items begun, of three times as many")
        .hasValue(ServerLimits.MAX_BATCH_PARALLEL);
  }

  @Test
  void requestSentAhead_whileACallIsWatched_isAnsweredNext() throws Exception {
    try (Socket socket = sent(call("1", "Probe.Sleep", "[" + LONG_MS + "]"))) {
      server.probe.asleep.await();
      Thread.sleep(2 * DroppedCalls.UNWATCHED.toMillis());
      socket.getOutputStream().write(post(call("2", "Probe.Echo", "[\"next\"]")));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      assertThat(answer(in)).isEqualTo("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":true}\n");
      assertThat(answer(in)).isEqualTo("{\"id\":2,\"jsonrpc\":\"2.0\",\"result\":\"next\"}\n");
      socket.getOutputStream().write(post(call("3", "Probe.Echo", "[\"last\"]")));
      assertThat(answer(in)).contains("\"last\"");
    }
  }

  @Test
  void connection_afterAWatchedCall_goesOn() throws Exception {
    try (Socket socket = sent(call("1", "Probe.Sleep", "[" + LONG_MS + "]"))) {
      InputStream in = socket.getInputStream();
      assertThat(answer(in)).contains("\"result\":true");
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(post(call("2", "Probe.Sleep", "[" + LONG_MS / 2 + "]")));
        assertThat(answer(in)).contains("\"result\":true");
      }
    }
    assertThat(server.probe.interrupted.getCount()).isEqualTo(1);
  }

  @Test
  void call_thatTakesLongerThanAConnectionMayBeSilent_isAnswered() throws Exception {
    Duration idle = TestServer.SMALL.times().idle();
    try (TestServer small =
            TestServer.start(builder -> builder.anonymousRead(true).limits(TestServer.SMALL));
        Socket socket = small.connect()) {
      String body = call("1", "Probe.Sleep", "[" + 2 * idle.toMillis() + "]");
      socket.getOutputStream().write(post(body));
      assertThat(answer(socket.getInputStream())).contains("\"result\":true");
    }
  }
}
