package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Callers who want to cost more than they may. */
class HostileClientTest {

  @Test
  void headerThatTricklesIn_endsItsConnection() throws Exception {
    try (TestServer server = TestServer.start(builder -> builder.limits(TestServer.SMALL));
        Socket socket = server.connect()) {
      socket
          .getOutputStream()
          .write("GET /rpc/v0 HTTP/1.1\r\nHost: x\r\nX-A: ".getBytes(StandardCharsets.US_ASCII));
      boolean ended = false;
      // A byte every fifth of the time for silence: it never is silent.
      for (int i = 0; i < 100 && !ended; i++) {
        Thread.sleep(200);
        try {
          socket.getOutputStream().write('a');
        } catch (SocketException _) { // the server has closed it, which is what is wanted
          ended = true;
        }
      }
      assertThat(ended).isTrue();
    }
  }

  @Test
  void callThatIsNotMeantToWait_isStopped() throws IOException {
    ServerLimits limits = TestServer.callTime(Duration.ofMillis(100));
    try (TestServer server = TestServer.start(builder -> builder.limits(limits))) {
      String bearer = "Authorization: Bearer " + server.token("read") + "\r\n";
      assertThat(
              server
                  .post("{\"id\":1,\"method\":\"Probe.Sleep\",\"params\":[30000]}", bearer)
                  .body())
          .contains(
              "\"code\":1,\"message\":\"method 'Probe.Sleep' was stopped: it took longer than"
                  + " maximum 100 ms allowed (API.CallTimeout)\"");
      assertThat(server.post("{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[1]}", bearer).body())
          .contains("\"result\":1");
    }
  }

  @Test
  void subscriptions_overTheLimitOfTheServer_areRefused_untilOneEnds() throws Exception {
    ServerLimits limits = TestServer.subscriptions(2);
    try (TestServer server = TestServer.start(builder -> builder.limits(limits))) {
      Optional<String> token = Optional.of(server.token("read"));
      List<TestSocket> open = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        TestSocket socket = TestSocket.open(server.server.endpoint().webSocket(), token);
        socket.send("{\"id\":1,\"method\":\"Probe.Forever\",\"params\":[]}");
        assertThat(socket.next()).contains("\"result\":1");
        open.add(socket);
      }
      try (TestSocket third = TestSocket.open(server.server.endpoint().webSocket(), token)) {
        third.send("{\"id\":1,\"method\":\"Probe.Forever\",\"params\":[]}");
        assertThat(third.next())
            .contains(
                "too many subscriptions: this server has 2, the maximum (API.MaxSubscriptions)");
        open.removeFirst().close();
        boolean taken = false;
        for (int i = 0; i < 100 && !taken; i++) {
          Thread.sleep(20);
          third.send("{\"id\":1,\"method\":\"Probe.Forever\",\"params\":[]}");
          taken = third.next().contains("\"result\"");
        }
        assertThat(taken).isTrue();
      }
      open.forEach(TestSocket::close);
    }
  }

  @Test
  void subscriptions_overTheLimitOfTheConnection_areRefused() throws Exception {
    try (TestServer server = TestServer.start(builder -> builder);
        TestSocket socket =
            TestSocket.open(
                server.server.endpoint().webSocket(), Optional.of(server.token("read")))) {
      for (int i = 0; i < ServerLimits.MAX_CHANNELS; i++) {
        socket.send("{\"id\":" + i + ",\"method\":\"Probe.Forever\",\"params\":[]}");
        assertThat(socket.next()).contains("\"result\"");
      }
      socket.send("{\"id\":9999,\"method\":\"Probe.Forever\",\"params\":[]}");
      assertThat(socket.next())
          .contains("too many subscriptions: this connection has 256, the maximum");
    }
  }
}
