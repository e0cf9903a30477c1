package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.json.GoText;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Answers the body of an HTTP request: one request, or a batch. Knows nothing of sockets. */
final class RpcOverHttp {

  private final Dispatcher dispatcher;
  private final JsonReader json;
  private final ServerLimits limits;

  RpcOverHttp(Dispatcher dispatcher, JsonReader json, ServerLimits limits) {
    this.dispatcher = dispatcher;
    this.json = json;
    this.limits = limits;
  }

  /**
   * Answers a body, which is UTF-8 or nearly so.
   *
   * @param gone whether the caller has hung up; this thread is interrupted once he has
   */
  Reply answer(byte[] body, Caller caller, BooleanSupplier gone) throws InterruptedException {
    String text = GoText.decode(body).strip();
    if (text.isEmpty()) {
      return refuse(RpcFault.INVALID_REQUEST, "Invalid request");
    }
    boolean batch = text.startsWith("[") && text.endsWith("]");
    return switch (json.read(text)) {
      case JsonReader.Outcome.Malformed _ -> refuse(RpcFault.PARSE, RpcRequest.PARSE_ERROR);
      case JsonReader.Outcome.OverLimit(String message) -> refuse(RpcFault.PARSE, message);
      case JsonReader.Outcome.Value(JsonValue value) ->
          batch && value instanceof JsonValue.Arr(List<JsonValue> items)
              ? batch(items, caller, gone)
              : single(value, caller);
    };
  }

  /** An error of the transport, without an id. */
  Reply refuse(int code, String message) {
    return lineOf(dispatcher.fault(null, new RpcFault(code, message, null)));
  }

  private static Reply lineOf(Reply reply) {
    return reply.body() == null ? reply : Reply.of(reply.status(), reply.body() + "\n");
  }

  private Reply single(JsonValue value, Caller caller) {
    try {
      return lineOf(dispatcher.answer(RpcRequest.draft(value), caller, null));
    } catch (RpcRequest.Malformed e) {
      return lineOf(malformed(e));
    }
  }

  private Reply malformed(RpcRequest.Malformed e) {
    return dispatcher.fault(
        e.id(), new RpcFault(RpcFault.PARSE, String.valueOf(e.getMessage()), null));
  }

  private Reply batch(List<JsonValue> items, Caller caller, BooleanSupplier gone)
      throws InterruptedException {
    if (items.isEmpty()) {
      return refuse(RpcFault.INVALID_REQUEST, "Invalid request");
    }
    if (items.size() > limits.requests().batchItems()) {
      return refuse(
          RpcFault.PARSE,
          "batch of "
              + items.size()
              + " requests is bigger than maximum "
              + limits.requests().batchItems()
              + " allowed (API.MaxBatch)");
    }
    List<RpcRequest.Draft> drafts = new ArrayList<>(items.size());
    for (JsonValue item : items) {
      try {
        drafts.add(RpcRequest.draft(item));
      } catch (RpcRequest.Malformed _) {
        return refuse(RpcFault.PARSE, RpcRequest.PARSE_ERROR);
      }
    }
    return Reply.of(Reply.OK, join(drafts, caller, gone));
  }

  /**
   * Items run beside each other and are answered in their order; each ends with its own newline,
   * notifications leave no slot.
   */
  private @Nullable String join(List<RpcRequest.Draft> drafts, Caller caller, BooleanSupplier gone)
      throws InterruptedException {
    @Nullable String[] bodies = new @Nullable String[drafts.size()];
    AtomicInteger next = new AtomicInteger();
    AtomicLong length = new AtomicLong();
    Runnable taking =
        () -> {
          for (int at = next.getAndIncrement();
              at < bodies.length && !gone.getAsBoolean();
              at = next.getAndIncrement()) {
            bodies[at] = within(length, drafts.get(at), caller);
          }
        };
    runBesideEachOther(taking, Math.min(bodies.length, ServerLimits.MAX_BATCH_PARALLEL), gone);
    StringBuilder out = new StringBuilder();
    for (String body : bodies) {
      if (body != null) {
        out.append(out.isEmpty() ? "[" : ",").append(body).append('\n');
      }
    }
    return out.isEmpty() ? null : out.append(']').toString();
  }

  /** An answer, unless those of the batch are too much together; then the call does not run. */
  private @Nullable String within(AtomicLong length, RpcRequest.Draft draft, Caller caller) {
    int most = limits.answers().batchBytes();
    if (length.get() <= most) {
      String body = dispatcher.answer(draft, caller, null).body();
      if (body == null || length.addAndGet(body.length()) <= most) {
        return body;
      }
    }
    return dispatcher.fault(draft, "answers of the batch are bigger than maximum " + most);
  }

  /** When this thread is interrupted the others are too; returns only once all have ended. */
  private static void runBesideEachOther(Runnable taking, int count, BooleanSupplier gone)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      threads.add(Thread.ofVirtual().name("rpc-batch-" + i).start(taking));
    }
    taking.run();
    if (gone.getAsBoolean()) {
      // The interrupt has ended this thread's item, and was used up with it.
      threads.forEach(Thread::interrupt);
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) { // passed on, and thrown once nothing runs any more
          interrupted = true;
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      throw new InterruptedException("the batch was cancelled");
    }
  }
}
