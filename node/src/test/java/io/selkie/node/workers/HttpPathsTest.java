package io.selkie.node.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.storage.OtherPaths;
import io.selkie.storage.SectorFileType;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other machines that send anything, over real sockets. */
@Timeout(60)
class HttpPathsTest {

  private static final SectorId SECTOR = SectorId.of(1000, 5);
  private static final Duration STALL = Duration.ofMillis(200);

  private ServerSocket server;
  private HttpPaths paths;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    paths = new HttpPaths((_, _) -> List.of(), WorkerRules.Reach.LOOPBACK, "token", STALL);
  }

  @AfterEach
  void close() throws IOException {
    paths.close();
    server.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/remote/sealed/s-t01000-5";
  }

  /** What the other end does with a connection once it was asked. */
  @FunctionalInterface
  private interface Answer {
    void to(OutputStream out) throws Exception;
  }

  private void answering(Answer answer) {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = server.accept()) {
            byte[] asked = new byte[8192];
            assertThat(socket.getInputStream().read(asked)).isPositive();
            answer.to(socket.getOutputStream());
          } catch (Exception e) {
            // The other end hangs up, which is what is looked for there.
            assertThat(e).isNotNull();
          }
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void body_thatStandsStill_isHungUpOn() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    answering(out -> {
      out.write(
          bytes(
              "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                  + "Content-Length: 2048\r\n\r\nabc"));
      out.flush();
      end.await();
    });
    OtherPaths.Incoming incoming = paths.open(url(), SectorFileType.SEALED);
    try (var body = incoming.body()) {
      assertThat(incoming.length()).isEqualTo(2048);
      assertThat(body.readNBytes(3)).isEqualTo(bytes("abc"));
      assertThatThrownBy(body::read)
          .isInstanceOf(IOException.class)
          .hasMessage("nothing came for 200 ms");
    } finally {
      end.countDown();
    }
  }

  @Test
  void body_thatComesSlowlyOrIsReadSlowly_isReadToItsEnd() throws Exception {
    answering(out -> {
      out.write(bytes("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"));
      out.write(bytes("Content-Length: 4\r\n\r\n"));
      for (int i = 0; i < 4; i++) {
        out.write('x');
        out.flush();
        Thread.sleep(STALL.dividedBy(8));
      }
    });
    try (var body = paths.open(url(), SectorFileType.SEALED).body()) {
      Thread.sleep(STALL.multipliedBy(2));
      assertThat(body.readAllBytes()).isEqualTo(bytes("xxxx"));
    }
  }

  @Test
  void refusal_ofAnyLength_isReadToALimit() {
    answering(out -> {
      out.write(bytes("HTTP/1.1 500 No\r\n\r\n"));
      while (true) {
        out.write(new byte[1 << 16]);
      }
    });
    assertThatThrownBy(() ->
            paths.delete(new OtherPaths.Copy("id", List.of(url())), SECTOR, SectorFileType.SEALED))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("answers 500")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(5000));
  }

  @Test
  void address_outsideTheRules_isNotCalled() {
    assertThatThrownBy(() -> paths.open("http://192.0.2.1/remote", SectorFileType.SEALED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not this machine");
    assertThatThrownBy(() -> paths.open("no address", SectorFileType.SEALED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no address");
    assertThatThrownBy(() ->
            paths.delete(
                new OtherPaths.Copy("id", List.of("http://192.0.2.1/remote")),
                SECTOR,
                SectorFileType.SEALED))
        .hasMessageContaining("is not this machine");
  }
}
