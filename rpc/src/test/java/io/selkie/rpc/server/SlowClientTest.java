package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Clients that hold the server's memory or threads get them for a bounded time only. */
class SlowClientTest {

  private static final int TEXT_FRAME = 0x81;
  private static final int PING_FRAME = 0x89;
  private static final int MASKED = 0x80;

  @Test
  void webSocket_thatTakesNothing_isDisconnected() throws Exception {
    try (TestServer server = TestServer.start(builder -> builder.limits(TestServer.SMALL));
        Socket socket = server.connect()) {
      open(socket, server);
      socket
          .getOutputStream()
          .write(frame("{\"id\":1,\"method\":\"Probe.Numbers\",\"params\":[5000000]}"));
      // Long enough for the buffers to fill and for the limit of two seconds to pass.
      Thread.sleep(4000);
      long received = drain(socket);
      assertThat(received).isPositive().isLessThan(200_000_000L);
    }
  }

  private static void open(Socket socket, TestServer server) throws IOException {
    String handshake =
        """
        GET /rpc/v0?token=%s HTTP/1.1
        Host: x
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
        Sec-WebSocket-Version: 13

        """
            .formatted(server.token("read"))
            .replace("\n", "\r\n");
    socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void webSocket_thatAnswersNoPing_isDisconnected() throws Exception {
    ServerLimits impatient = TestServer.pings(Duration.ofMillis(50), Duration.ofMillis(300));
    try (TestServer server = TestServer.start(builder -> builder.limits(impatient));
        Socket dead = server.connect();
        TestSocket alive =
            TestSocket.open(
                server.endpoint().webSocket(), java.util.Optional.of(server.token("read")))) {
      open(dead, server);
      // Ends the read only because the server ends the connection: nothing else would.
      assertThat(drain(dead)).isPositive();
      alive.send("{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[5]}");
      assertThat(alive.next()).contains("\"result\":5");
    }
  }

  /** A text frame of less than 126 bytes whose mask changes nothing. */
  private static byte[] frame(String text) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(TEXT_FRAME);
    frame.write(MASKED | text.length());
    frame.writeBytes(new byte[4]);
    frame.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return frame.toByteArray();
  }

  /** Reads what is left until the connection ends, in order or not. */
  private static long drain(Socket socket) {
    long received = 0;
    byte[] buffer = new byte[65536];
    try (InputStream in = socket.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        received += n;
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return received;
  }

  private static ServerLimits patience(Duration forAMessage) {
    ServerLimits.Times times = TestServer.SMALL.times();
    return TestServer.SMALL.with(
        new ServerLimits.Times(
            times.idle(),
            forAMessage,
            times.send(),
            times.meeting(),
            Duration.ofMillis(50),
            Duration.ofMillis(400),
            times.call()));
  }

  /** One frame, whose bytes come in one by one: the client is never silent. */
  @Test
  void frame_thatTricklesIn_endsItsConnection() throws Exception {
    try (TestServer server =
            TestServer.start(builder -> builder.limits(patience(Duration.ofMillis(300))));
        Socket socket = server.connect()) {
      open(socket, server);
      byte[] frame = frame("{\"id\":1,\"method\":\"" + "a".repeat(90) + "\"}");
      int sent = 0;
      try {
        for (int round = 0; round < 100; round++) {
          socket.getOutputStream().write(frame[Math.min(sent, frame.length - 2)]);
          sent++;
          Thread.sleep(50);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageMatching(".*(reset|pipe).*");
      }
      assertThat(sent).isLessThan(100);
    }
  }

  /** Neither reads the server's close nor closes itself: the connection ends all the same. */
  @Test
  void webSocket_thatIgnoresTheClose_isDisconnected() throws Exception {
    ServerLimits.Times times = TestServer.SMALL.times();
    ServerLimits limits =
        TestServer.SMALL.with(
            new ServerLimits.Times(
                times.idle(),
                times.body(),
                Duration.ofMillis(300),
                times.meeting(),
                times.pingInterval(),
                times.silence(),
                times.call()));
    try (TestServer server = TestServer.start(builder -> builder.limits(limits));
        Socket socket = server.connect()) {
      open(socket, server);
      for (int i = 0; i < 50; i++) {
        socket.getOutputStream().write(fragment(i == 0, "a".repeat(100)));
      }
      // Returns only because the server ends the connection, not the stream of frames alone.
      assertThat(drain(socket)).isPositive();
    }
  }

  /** Pings are answered as they are read, so whoever reads no answer is read no more. */
  @Test
  void pings_ofOneWhoReadsNothing_areTakenToAPoint() throws Exception {
    try (TestServer server = TestServer.start(builder -> builder.limits(TestServer.SMALL));
        Socket socket = server.connect()) {
      open(socket, server);
      byte[] ping = frame("p".repeat(125));
      ping[0] = (byte) PING_FRAME;
      ByteArrayOutputStream many = new ByteArrayOutputStream();
      for (int i = 0; i < 1000; i++) {
        many.writeBytes(ping);
      }
      AtomicLong taken = new AtomicLong();
      Thread flood =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (taken.get() < 200_000_000) {
                    socket.getOutputStream().write(many.toByteArray());
                    taken.addAndGet(many.size());
                  }
                } catch (IOException e) {
                  // The test is over.
                  assertThat(e).isNotNull();
                }
              });
      long before = -1;
      for (int i = 0; i < 100 && taken.get() != before; i++) {
        before = taken.get();
        Thread.sleep(500);
      }
      assertThat(taken.get()).isLessThan(200_000_000);
      socket.shutdownInput();
      assertThat(flood.isAlive()).isTrue();
    }
  }

  /** Each holds a thread while its body does not come. */
  @Test
  void bodies_thatDoNotCome_keepNobodyOut() throws Exception {
    ServerLimits.Times times = TestServer.SMALL.times();
    ServerLimits limits =
        TestServer.connections(1000)
            .with(
                new ServerLimits.Times(
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    times.send(),
                    times.meeting(),
                    times.pingInterval(),
                    times.silence(),
                    times.call()));
    List<Socket> slow = new ArrayList<>();
    try (TestServer server = TestServer.start(builder -> builder.limits(limits))) {
      byte[] begun =
          "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\na"
              .getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 600; i++) {
        Socket socket = server.connect();
        socket.getOutputStream().write(begun);
        slow.add(socket);
      }
      String bearer = "Authorization: Bearer " + server.token("read") + "\r\n";
      assertThat(server.post("{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[5]}", bearer).body())
          .contains("\"result\":5");
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private static byte[] fragment(boolean first, String text) {
    byte[] frame = frame(text);
    frame[0] = (byte) (first ? 1 : 0);
    return frame;
  }
}
