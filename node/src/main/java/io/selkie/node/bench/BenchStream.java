package io.selkie.node.bench;

import io.selkie.rpc.client.MinerEndpoint;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes statuses from a channel over a WebSocket and counts them; each must be the one expected.
 */
final class BenchStream implements WebSocket.Listener, AutoCloseable {

  private static final long TIMEOUT_S = 300;

  /** One status in so many is compared byte by byte, of the others the number. */
  private static final long CHECKED = 101;

  /** What a status begins with, and nothing else in an answer. */
  private static final String SECTOR = "{\"SectorID\":";

  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final LongFunction<String> expected;
  private final StringBuilder message = new StringBuilder();
  private CompletableFuture<Long> ended = new CompletableFuture<>();
  private long next;
  private long taken;
  private long characters;

  /**
   * Connects.
   *
   * @param expected a status as it must come; empty where that is not known
   */
  BenchStream(MinerEndpoint node, LongFunction<String> expected) {
    this.expected = expected;
    socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + node.token().orElse(""))
            .buildAsync(node.webSocket(), this)
            .join();
  }

  /**
   * Asks for the statuses of consecutive sectors and takes them all.
   *
   * @return how long it took
   */
  long take(long from, long count) throws IOException, InterruptedException {
    StringBuilder numbers = new StringBuilder();
    for (long number = from; number < from + count; number++) {
      numbers.append(numbers.isEmpty() ? "" : ",").append(number);
    }
    ended = new CompletableFuture<>();
    next = from;
    taken = 0;
    long began = System.nanoTime();
    var _ =
        socket.sendText(
            BenchConnection.request(
                "Selkie.SectorsStatusBatch", "{\"Numbers\":[" + numbers + "]},[]"),
            true);
    try {
      long at = ended.get(TIMEOUT_S, TimeUnit.SECONDS);
      if (taken != count) {
        throw new IOException(taken + " statuses came, not " + count);
      }
      return at - began;
    } catch (ExecutionException e) {
      throw new IOException("the stream broke: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException("the stream took more than " + TIMEOUT_S + " s", e);
    }
  }

  /** Characters that came, all streams together. */
  long characters() {
    return characters;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    message.append(data);
    if (last) {
      characters += message.length();
      look(message);
      message.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void look(StringBuilder text) {
    if (text.indexOf("\"error\":") == 1) {
      ended.completeExceptionally(new IOException(text.toString()));
    } else if (text.indexOf("\"method\":\"xrpc.ch.close\"") >= 0) {
      ended.complete(System.nanoTime());
    }
    for (int at = text.indexOf(SECTOR); at >= 0; at = text.indexOf(SECTOR, at + 1)) {
      int end = text.indexOf(",", at);
      if (Long.parseLong(text, at + SECTOR.length(), end, 10) != next) {
        ended.completeExceptionally(
            new IOException("not sector " + next + ": " + text.substring(at, end)));
        return;
      }
      if (next % CHECKED == 0) {
        String whole = expected.apply(next);
        if (text.indexOf(whole, at) != at) {
          ended.completeExceptionally(new IOException("sector " + next + " is not " + whole));
        }
      }
      next++;
      taken++;
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    ended.completeExceptionally(new IOException("closed, " + status + " " + reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable cause) {
    ended.completeExceptionally(cause);
  }

  @Override
  public void close() {
    socket.abort();
    http.close();
  }
}
