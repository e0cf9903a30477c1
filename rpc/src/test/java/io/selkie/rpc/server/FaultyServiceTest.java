package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bugs of whoever answers calls: they cost their caller an answer, and nobody else anything. */
class FaultyServiceTest {

  private static final String CRASH =
      "\"message\":\"fatal error calling 'Probe.Unwritable': panic in rpc method"
          + " 'Probe.Unwritable': there is no item 0\"";

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(builder -> builder.anonymousRead(true).limits(TestServer.SMALL));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private TestSocket socket() {
    return TestSocket.open(server.server.endpoint().webSocket(), Optional.empty());
  }

  private static String call(int id, String method) {
    return "{\"id\":" + id + ",\"method\":\"Probe." + method + "\",\"params\":[]}";
  }

  private static String echo(int id) {
    return "{\"id\":" + id + ",\"method\":\"Probe.Echo\",\"params\":[" + id + "]}";
  }

  @Test
  void answer_thatCannotBeWritten_isACrash() throws Exception {
    TestServer.Answer answer = server.post(call(1, "Unwritable"));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains(CRASH).contains("\"id\":1");
    String batch = "[" + echo(1) + "," + call(2, "Unwritable") + "," + echo(3) + "]";
    assertThat(server.post(batch).body())
        .startsWith("[{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":1}\n,")
        .contains(CRASH)
        .endsWith("{\"id\":3,\"jsonrpc\":\"2.0\",\"result\":3}\n]");
    try (TestSocket socket = socket()) {
      // More than there may be at once: none of them keeps its place.
      for (int i = 0; i < 5; i++) {
        socket.send(call(i, "Unwritable"));
        assertThat(socket.next()).contains(CRASH).contains("\"id\":" + i);
      }
      socket.send(echo(9));
      assertThat(socket.next()).contains("\"result\":9");
    }
  }

  @Test
  void value_thatCannotBeWritten_endsItsChannel() throws Exception {
    try (TestSocket socket = socket()) {
      // More than there may be open at once: none of them keeps its place.
      for (int i = 1; i <= 6; i++) {
        socket.send(call(i, "Mistyped"));
        assertThat(socket.next()).contains("\"result\":" + i);
        assertThat(socket.next())
            .isEqualTo(
                "{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.close\",\"params\":[" + i + "]}\n");
      }
    }
  }

  @Test
  void channel_whoseSourceBlocks_canBeCancelled() throws Exception {
    try (TestSocket socket = socket()) {
      socket.send(call(1, "Stubborn"));
      assertThat(socket.next()).contains("\"result\":1");
      socket.send("{\"method\":\"xrpc.cancel\",\"params\":[1]}");
      assertThat(socket.next()).contains("xrpc.ch.close");
      socket.send(echo(2));
      assertThat(socket.next()).contains("\"result\":2");
    }
  }

  /** What looks after connections goes on although one look fails. */
  @Test
  void look_thatFails_isNotTheLast() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Tokens tokens =
        new Tokens(
            new byte[Tokens.SECRET_BYTES],
            InstantSource.system(),
            _ -> {
              if (looks.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("the list of tokens is not at hand");
              }
              return false;
            });
    String token = tokens.create(java.util.List.of("read"), Optional.empty());
    ServerLimits limits = TestServer.pings(Duration.ofMillis(20), Duration.ofSeconds(60));
    try (JsonRpcServer other =
            JsonRpcServer.builder(Address.Network.TESTNET, tokens)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .limits(limits)
                .start();
        TestSocket socket = TestSocket.open(other.endpoint().webSocket(), Optional.of(token))) {
      for (int i = 0; i < 5; i++) {
        assertThat(socket.pingWithin(5000)).as("ping %d", i).isPresent();
      }
    }
  }
}
