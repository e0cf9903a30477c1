package io.selkie.rpc.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that keeps the messages it gets. */
public final class TestSocket implements AutoCloseable, WebSocket.Listener {

  private static final long WAIT_MS = 5000;

  private final HttpClient http;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> pings = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private @Nullable WebSocket socket;
  private @Nullable Integer closeCode;
  private String closeReason = "";
  private final CountDownLatch ended = new CountDownLatch(1);

  private TestSocket(HttpClient http) {
    this.http = http;
  }

  public static TestSocket open(URI url, Optional<String> token) {
    HttpClient http = HttpClient.newHttpClient();
    TestSocket opened = new TestSocket(http);
    WebSocket.Builder builder = http.newWebSocketBuilder();
    token.ifPresent(value -> builder.header("Authorization", "Bearer " + value));
    opened.socket = builder.buildAsync(url, opened).join();
    return opened;
  }

  WebSocket socket() {
    if (socket == null) {
      throw new IllegalStateException("not open");
    }
    return socket;
  }

  public void send(String message) {
    socket().sendText(message, true).join();
  }

  public String next() throws InterruptedException {
    return nextWithin(WAIT_MS).orElseThrow(() -> new AssertionError("no message in time"));
  }

  public Optional<String> nextWithin(long millis) throws InterruptedException {
    return Optional.ofNullable(messages.poll(millis, TimeUnit.MILLISECONDS));
  }

  Optional<Integer> pingWithin(long millis) throws InterruptedException {
    return Optional.ofNullable(pings.poll(millis, TimeUnit.MILLISECONDS));
  }

  public synchronized Optional<Integer> closeCode() {
    return Optional.ofNullable(closeCode);
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
  public @Nullable CompletionStage<?> onPing(WebSocket from, java.nio.ByteBuffer message) {
    pings.add(message.remaining());
    from.request(1);
    return null;
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onClose(
      WebSocket from, int statusCode, String reason) {
    closeCode = statusCode;
    closeReason = reason;
    ended.countDown();
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable cause) {
    ended.countDown();
  }

  /** Waits for the server's close, and says with which code and why. */
  String closed() throws InterruptedException {
    if (!ended.await(WAIT_MS, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("not closed in time");
    }
    synchronized (this) {
      return closeCode + " " + closeReason;
    }
  }

  @Override
  public void close() {
    socket().abort();
    http.shutdownNow();
  }
}
