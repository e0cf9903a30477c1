package io.selkie.rpc.client;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a channel: a method whose values follow one after the other, over a WebSocket
 * of its own. Closing it tells the node to stop.
 */
public final class RpcSubscription implements AutoCloseable {

  private static final long ANSWER_TIMEOUT_S = 30;

  private final Receiver receiver;
  private final WebSocket socket;

  private RpcSubscription(Receiver receiver, WebSocket socket) {
    this.receiver = receiver;
    this.socket = socket;
  }

  /**
   * Opens the connection, calls, and waits for the number of the channel.
   *
   * @param request the call, with the id 1
   */
  static RpcSubscription open(
      HttpClient http, MinerEndpoint endpoint, String request, Consumer<JsonValue> values)
      throws RpcFault, IOException, InterruptedException {
    Receiver receiver = new Receiver(values);
    WebSocket.Builder builder = http.newWebSocketBuilder();
    endpoint.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    WebSocket socket = await(builder.buildAsync(endpoint.webSocket(), receiver), endpoint);
    boolean open = false;
    try {
      await(socket.sendText(request, true), endpoint);
      Optional<RpcFault> fault = await(receiver.answered, endpoint);
      if (fault.isPresent()) {
        throw fault.get();
      }
      open = true;
      return new RpcSubscription(receiver, socket);
    } finally {
      if (!open) {
        socket.abort();
      }
    }
  }

  private static <T> T await(CompletableFuture<T> step, MinerEndpoint endpoint)
      throws IOException, InterruptedException {
    try {
      return step.get(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("no subscription at " + endpoint.base() + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException(
          "no answer from " + endpoint.base() + " within " + ANSWER_TIMEOUT_S + " s", e);
    }
  }

  /** Completes when the node closes the channel, and fails when the connection is lost. */
  public CompletableFuture<Void> ended() {
    return receiver.ended.copy();
  }

  @Override
  public void close() {
    // The end of the connection ends the channel; whether the node heard the close does not matter.
    var _ = socket.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((_, _) -> socket.abort());
    receiver.ended.complete(null);
  }

  /** Takes the messages apart: the answer first, then values, then the end. */
  private static final class Receiver implements WebSocket.Listener {

    private final Consumer<JsonValue> values;
    private final JsonReader json = new JsonReader(JsonRpcClient.MAX_ANSWER);
    private final StringBuilder partial = new StringBuilder();
    final CompletableFuture<Optional<RpcFault>> answered = new CompletableFuture<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    Receiver(Consumer<JsonValue> values) {
      this.values = values;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      if (partial.length() + data.length() > JsonRpcClient.MAX_ANSWER) {
        lost(new IOException("message longer than " + JsonRpcClient.MAX_ANSWER + " characters"));
        from.abort();
        return null;
      }
      partial.append(data);
      if (last) {
        String message = partial.toString();
        partial.setLength(0);
        take(message);
      }
      from.request(1);
      return null;
    }

    private void take(String message) {
      if (!(json.read(message) instanceof JsonReader.Outcome.Value(JsonValue.Obj object))) {
        lost(new IOException("message of the node is no JSON object"));
        return;
      }
      JsonValue method = object.get("method").orElse(JsonValue.Null.VALUE);
      JsonValue params = object.get("params").orElse(JsonValue.Null.VALUE);
      if (method instanceof JsonValue.Str(String name)) {
        if (name.equals("xrpc.ch.close")) {
          ended.complete(null);
        } else if (params instanceof JsonValue.Arr(List<JsonValue> items) && items.size() == 2) {
          values.accept(items.get(1));
        }
      } else if (object.get("error").orElse(JsonValue.Null.VALUE) instanceof JsonValue.Obj error) {
        answered.complete(Optional.of(JsonRpcClient.fault(error)));
      } else {
        answered.complete(Optional.empty());
      }
    }

    private void lost(Throwable cause) {
      answered.completeExceptionally(cause);
      ended.completeExceptionally(cause);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      lost(new IOException("connection closed by the node, status " + status));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
      lost(cause);
    }
  }
}
