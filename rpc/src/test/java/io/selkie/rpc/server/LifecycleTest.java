package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting, stopping, and what comes before HTTP. */
class LifecycleTest {

  private static final String ECHO = "{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[1]}";
  private static final String SLEEP = "{\"id\":1,\"method\":\"Probe.Sleep\",\"params\":[60000]}";

  @Test
  @Timeout(30)
  void close_withRunningCalls_endsSoon() throws Exception {
    TestServer server = TestServer.start(builder -> builder.anonymousRead(true));
    TestSocket socket = TestSocket.open(server.server.endpoint().webSocket(), Optional.empty());
    CountDownLatch answered = new CountDownLatch(1);
    Thread http =
        Thread.ofVirtual()
            .start(() -> {
              try {
                server.post(SLEEP);
              } catch (IOException _) {
                // The connection may be reset instead of answered; both end the wait.
              }
              answered.countDown();
            });
    socket.send(SLEEP);
    assertThat(server.probe.asleep.await(5, TimeUnit.SECONDS)).isTrue();
    long start = System.nanoTime();
    server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(server.probe.interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
    http.join();
    socket.close();
  }

  @Test
  void address_thatIsTaken_isAnIoException() throws IOException {
    try (TestServer first = TestServer.start(builder -> builder)) {
      JsonRpcServer.Builder second =
          JsonRpcServer.builder(Address.Network.MAINNET, first.tokens)
              .listen(first.server.address());
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen at");
    }
  }

  @Test
  void method_servedTwice_isRefused() {
    JsonRpcServer.Builder builder =
        JsonRpcServer.builder(Address.Network.MAINNET, Tokens.of(new byte[32]))
            .serve(ProbeApi.class, new ProbeApi.Probe());
    assertThatThrownBy(() -> builder.serve(ProbeApi.class, new ProbeApi.Probe()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is served twice");
    assertThatThrownBy(() -> builder.serve(Runnable.class, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no interface of the API");
  }

  @Test
  void bytes_thatAreNoHttp_doNotHurt() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestServer server = TestServer.start(builder -> builder.anonymousRead(true))) {
      for (int round = 0; round < 100; round++) {
        byte[] garbage = new byte[1 + random.nextInt(300)];
        random.nextBytes(garbage);
        if (round % 2 == 0) {
          byte[] line = "POST /rpc/v0 HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
          System.arraycopy(line, 0, garbage, 0, Math.min(line.length, garbage.length));
        }
        try (Socket socket = server.connect()) {
          socket.getOutputStream().write(garbage);
          socket.shutdownOutput();
          assertThat(TestServer.read(socket).status()).as("seed %d", seed).isNotEqualTo(200);
        }
      }
      assertThat(server.post(ECHO).body()).contains("\"result\":1");
    }
  }

  @Test
  void connections_overTheLimit_areToldSo_untilAnotherEnds() throws Exception {
    ServerLimits limits = TestServer.connections(2);
    try (TestServer server =
        TestServer.start(builder -> builder.anonymousRead(true).limits(limits))) {
      Socket one = held(server);
      Socket two = held(server);
      try (Socket three = server.connect()) {
        three.getOutputStream().write(request());
        TestServer.Answer answer = TestServer.read(three);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
            .isEqualTo("more than maximum 2 connections at once (API.MaxConnections)\n");
      }
      one.close();
      assertThat(untilServed(server)).isEqualTo(200);
      two.close();
    }
  }

  @Test
  void connections_overTheLimitOfAnAddress_areToldSo_untilAnotherEnds() throws Exception {
    ServerLimits limits = TestServer.perAddress(2);
    try (TestServer server =
        TestServer.start(builder -> builder.anonymousRead(true).limits(limits).countLoopback())) {
      Socket one = held(server);
      try (TestSocket two =
          TestSocket.open(server.server.endpoint().webSocket(), Optional.empty())) {
        // It counts as a WebSocket as well.
        two.send(ECHO);
        assertThat(two.next()).contains("\"result\":1");
        TestServer.Answer answer = server.post(ECHO);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
            .isEqualTo(
                "more than maximum 2 connections of one address at once"
                    + " (API.MaxConnectionsPerAddress)\n");
        one.close();
        assertThat(untilServed(server)).isEqualTo(200);
      }
      List<Socket> idle = new ArrayList<>();
      for (int i = 0; i < 2 + ServerLimits.SURPLUS_CONNECTIONS; i++) {
        idle.add(server.connect());
      }
      // One more of those that ask nothing is closed long before its time.
      boolean closed = false;
      for (int tries = 0; !closed && tries < 100; tries++) {
        Socket surplus = server.connect();
        idle.add(surplus);
        surplus.setSoTimeout(50);
        try {
          closed = surplus.getInputStream().read() < 0;
        } catch (SocketTimeoutException _) { // it waits: fewer are open, or seen, yet
          closed = false;
        }
      }
      assertThat(closed).isTrue();
      for (Socket each : idle) {
        each.close();
      }
      assertThat(untilServed(server)).isEqualTo(200);
    }
  }

  @Test
  void connections_ofTheLoopbackAddress_areNotCounted() throws Exception {
    ServerLimits limits = TestServer.perAddress(1);
    try (TestServer server =
        TestServer.start(builder -> builder.anonymousRead(true).limits(limits))) {
      Socket one = held(server);
      Socket two = held(server);
      assertThat(server.post(ECHO).status()).isEqualTo(200);
      one.close();
      two.close();
    }
  }

  private static int untilServed(TestServer server) throws Exception {
    int status = 0;
    for (int tries = 0; status != 200 && tries < 100; tries++) {
      Thread.sleep(20);
      status = server.post(ECHO).status();
    }
    return status;
  }

  /** A connection that has been answered once and stays open. */
  private static Socket held(TestServer server) throws IOException {
    Socket socket = server.connect();
    socket.getOutputStream().write(request());
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private static byte[] request() {
    String text =
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Length: " + ECHO.length() + "\r\n\r\n" + ECHO;
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
