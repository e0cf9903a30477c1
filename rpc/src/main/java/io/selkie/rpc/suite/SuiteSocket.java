package io.selkie.rpc.suite;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket connection that keeps what it gets, by kind of frame. */
final class SuiteSocket implements AutoCloseable, WebSocket.Listener {

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> pings = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;

  SuiteSocket(URI url, Optional<String> token) {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    token.ifPresent(value -> builder.header("Authorization", "Bearer " + value));
    socket = builder.buildAsync(url, this).join();
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  void sendPart(String part, boolean last) {
    socket.sendText(part, last).join();
  }

  void sendBinary(String message) {
    socket.sendBinary(bytes(message), true).join();
  }

  void sendPing(String payload) {
    socket.sendPing(bytes(payload)).join();
  }

  void sendClose(int code) {
    socket.sendClose(code, "").join();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  Optional<String> message(long withinMs) throws InterruptedException {
    return Optional.ofNullable(messages.poll(withinMs, TimeUnit.MILLISECONDS));
  }

  Optional<String> ping(long withinMs) throws InterruptedException {
    return Optional.ofNullable(pings.poll(withinMs, TimeUnit.MILLISECONDS));
  }

  Optional<String> pong(long withinMs) throws InterruptedException {
    return Optional.ofNullable(pongs.poll(withinMs, TimeUnit.MILLISECONDS));
  }

  Optional<Integer> closed(long withinMs) throws InterruptedException {
    return Optional.ofNullable(closes.poll(withinMs, TimeUnit.MILLISECONDS));
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      messages.add(partial.toString());
      partial.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer payload) {
    pings.add(StandardCharsets.UTF_8.decode(payload).toString());
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
    pongs.add(StandardCharsets.UTF_8.decode(payload).toString());
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closes.add(code);
    return null;
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
