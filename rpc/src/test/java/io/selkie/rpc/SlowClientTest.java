package io.selkie.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Clients that hold the server's memory or threads get them for a bounded time only. */
class SlowClientTest {

  private static final int TEXT_FRAME = 0x81;
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
    ServerLimits impatient =
        TestServer.SMALL.withPings(Duration.ofMillis(50), Duration.ofMillis(300));
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

  @Test
  void largeBodies_beyondTheNumberHeldAtOnce_waitAndAreRefused() throws Exception {
    ServerLimits limits =
        new ServerLimits(
            8 << 20,
            1,
            100,
            1,
            1,
            1,
            Duration.ofSeconds(1),
            Duration.ofMillis(300),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            RpcWebSocket.PING_INTERVAL,
            ServerLimits.SILENCE_TIMEOUT,
            ServerLimits.MAX_CALL_TIME,
            ServerLimits.MAX_SUBSCRIPTIONS);
    BodyReader bodies = new BodyReader(limits);
    byte[] large = new byte[3 << 20];
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              try {
                bodies.read(
                    new ByteArrayInputStream(large),
                    -1,
                    _ -> {
                      held.countDown();
                      done.await();
                    });
              } catch (IOException | BodyReader.Refused | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    held.await();
    assertThatThrownBy(() -> bodies.read(new ByteArrayInputStream(large), -1, _ -> {}))
        .isInstanceOf(BodyReader.Refused.class)
        .hasMessage("more than 1 large requests at once");
    int[] small = {0};
    bodies.read(new ByteArrayInputStream(new byte[100]), -1, body -> small[0] = body.length);
    assertThat(small[0]).isEqualTo(100);
    done.countDown();
    first.join();
    bodies.read(new ByteArrayInputStream(large), -1, body -> small[0] = body.length);
    assertThat(small[0]).isEqualTo(large.length);
  }
}
