package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selkie.abi.Address;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of somebody who sends it elsewhere, or answers without end. */
@Timeout(60)
class WaryClientTest {

  private final CountDownLatch sentOn = new CountDownLatch(1);
  private final CountDownLatch elsewhere = new CountDownLatch(1);
  private HttpServer node;
  private HttpServer other;
  private CountDownLatch awaited = sentOn;

  @BeforeEach
  void start() throws IOException {
    node = server();
    other = server();
    other.createContext(
        "/",
        exchange -> {
          elsewhere.countDown();
          answer(exchange, 204, "");
        });
    node.createContext(
        "/rpc/streams",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Location", "http://127.0.0.1:" + other.getAddress().getPort() + "/x");
          answer(exchange, 302, "");
          sentOn.countDown();
        });
    node.createContext(
        "/rpc/v0",
        exchange -> {
          try {
            assertThat(awaited.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException _) {
            throw new InterruptedIOException();
          }
          answer(
              exchange,
              200,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + "x".repeat(90) + "\"}");
        });
  }

  private static HttpServer server() throws IOException {
    HttpServer made =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    made.start();
    return made;
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @AfterEach
  void stop() {
    node.stop(0);
    other.stop(0);
  }

  private MinerEndpoint endpoint() {
    return MinerEndpoint.parse("http://127.0.0.1:" + node.getAddress().getPort());
  }

  @Test
  void stream_isSentElsewhereByWhoTrustsTheNodeOnly() throws Exception {
    try (JsonRpcClient wary = JsonRpcClient.wary(endpoint(), Address.Network.TESTNET, 1_000_000)) {
      assertThat(wary.call("Probe.Take", new ByteArrayInputStream(new byte[9])).asString())
          .hasSize(90);
    }
    assertThat(elsewhere.getCount()).as("nobody came").isOne();
    awaited = elsewhere;
    try (JsonRpcClient trusting = new JsonRpcClient(endpoint())) {
      assertThat(trusting.call("Probe.Take", new ByteArrayInputStream(new byte[9])).asString())
          .hasSize(90);
    }
    assertThat(elsewhere.getCount()).isZero();
  }

  @Test
  void answer_longerThanExpected_isRefused() {
    sentOn.countDown();
    try (JsonRpcClient wary = JsonRpcClient.wary(endpoint(), Address.Network.TESTNET, 100)) {
      assertThatThrownBy(() -> wary.call("Probe.Take"))
          .isInstanceOf(IOException.class)
          .hasMessage("answer longer than 100 characters");
    }
  }
}
