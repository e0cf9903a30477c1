package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One WebSocket connection: calls run concurrently and are answered as they end; what is no request
 * is ignored. Public only because Jetty calls it by reflection.
 */
public final class RpcWebSocket implements Session.Listener {

  /** How often the server pings, so that clients and middle boxes see a live connection. */
  static final Duration PING_INTERVAL = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(RpcWebSocket.class);

  private final Dispatcher dispatcher;
  private final JsonReader json;
  private final Caller caller;
  private final ServerLimits limits;
  private final ScheduledExecutorService pings;
  private final Semaphore strangers;
  private final UnreadAnswers answers;
  private final MessageOutlet outlet;
  private final MessageIntake intake;
  private final OpenChannels channels;

  private final ReentrantLock lock = new ReentrantLock();

  /** All calls at work, those without an id too. */
  private final Set<Thread> working = new HashSet<>();

  /** Those that can be cancelled: of two with one id the last. */
  private final Map<String, Thread> running = new HashMap<>();

  private boolean paused;
  private boolean taking;
  private boolean closed;
  private boolean counted;
  private long lastHeardNanos = System.nanoTime();
  private volatile @Nullable Session session;
  private @Nullable ScheduledFuture<?> pinging;

  RpcWebSocket(RpcHandler.Parts parts, Caller caller) {
    this.dispatcher = parts.dispatcher();
    this.json = parts.json();
    this.caller = caller;
    this.limits = parts.limits();
    this.pings = parts.pings();
    this.strangers = parts.strangers();
    this.answers = parts.answers();
    this.outlet = new MessageOutlet(limits, answers, caller);
    this.intake = new MessageIntake(limits, parts.held(), caller);
    this.channels = new OpenChannels(parts, caller, outlet, this::turnAway);
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session = opened;
    outlet.open(opened);
    counted = caller.isStranger() && strangers.tryAcquire();
    if (caller.isStranger() && !counted) {
      String why =
          "more than maximum " + limits.sockets().strangers() + " WebSockets without a token";
      turnAway(opened, StatusCode.TRY_AGAIN_LATER, why);
      return;
    }
    long interval = limits.times().pingInterval().toMillis();
    pinging =
        pings.scheduleAtFixedRate(
            new SteadyTask("looking after a WebSocket", () -> pingOrGiveUp(opened)),
            interval,
            interval,
            TimeUnit.MILLISECONDS);
    opened.demand();
  }

  /** A client that answers no ping is gone, or there is no way to it any more. */
  private void pingOrGiveUp(Session opened) {
    boolean silent;
    lock.lock();
    try {
      // While too many calls run nothing is read, nor while a message waits for a place; then
      // silence means nothing.
      silent =
          !paused
              && !taking
              && System.nanoTime() - lastHeardNanos > limits.times().silence().toNanos();
    } finally {
      lock.unlock();
    }
    Optional<String> fault = dispatcher.standing(caller).or(intake::overdue);
    if (fault.isPresent()) {
      turnAway(opened, StatusCode.POLICY_VIOLATION, fault.get());
    } else if (silent) {
      String time = ServerLimits.text(limits.times().silence());
      LOG.info("{} has been silent for {}; disconnected", caller.remote(), time);
      opened.disconnect();
    } else {
      opened.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }
  }

  private void turnAway(int status, String fault) {
    Session open = session;
    if (open != null) {
      turnAway(open, status, fault);
    }
  }

  /** Whose token is good no more, or who passes a limit, is told so and cut off. */
  private void turnAway(Session opened, int status, String fault) {
    // Strangers come in any number; they do not get to fill the log.
    LOG.atLevel(caller.isStranger() ? Level.DEBUG : Level.INFO)
        .log("{} is cut off: {}", caller.remote(), fault);
    end();
    opened.close(status, fault, Callback.NOOP);
    try {
      // Whoever takes nothing, or does not answer the close, is not waited for.
      long patience = limits.times().send().toMillis();
      var _ = pings.schedule(opened::disconnect, patience, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) { // the server stops, and ends all connections itself
      opened.disconnect();
    }
  }

  private void heard() {
    lock.lock();
    try {
      lastHeardNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onWebSocketPong(ByteBuffer payload) {
    heard();
    demand();
  }

  @Override
  public void onWebSocketPartialText(String part, boolean last) {
    take(part.getBytes(StandardCharsets.UTF_8), last);
  }

  @Override
  public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
    byte[] part = new byte[payload.remaining()];
    payload.get(part);
    callback.succeed();
    take(part, last);
  }

  private void take(byte[] part, boolean last) {
    try {
      Optional<MessageIntake.Message> message = kept(part, last);
      if (message.isPresent()) {
        receive(message.get());
      } else {
        demand();
      }
    } catch (HeldBodies.Refused e) {
      turnAway(StatusCode.MESSAGE_TOO_LARGE, String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Keeps a part, for which it may wait for a place. */
  private Optional<MessageIntake.Message> kept(byte[] part, boolean last)
      throws HeldBodies.Refused, InterruptedException {
    taking(true);
    try {
      return intake.take(part, last);
    } finally {
      taking(false);
    }
  }

  private void taking(boolean now) {
    lock.lock();
    try {
      taking = now;
      lastHeardNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onWebSocketClose(int status, String reason, Callback callback) {
    end();
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    LOG.debug("connection of {} failed", caller.remote(), cause);
    end();
  }

  private void end() {
    lock.lock();
    try {
      closed = true;
      working.forEach(Thread::interrupt);
      if (pinging != null) {
        pinging.cancel(false);
      }
      if (counted) {
        counted = false;
        strangers.release();
      }
    } finally {
      lock.unlock();
    }
    channels.end();
    intake.drop();
  }

  private void receive(MessageIntake.Message message) {
    RpcRequest.Draft draft = request(message.text());
    if (draft == null) {
      message.hold().close();
      demand();
      return;
    }
    if (draft.method().equals("xrpc.cancel")) {
      message.hold().close();
      cancel(draft.params());
      demand();
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("rpc-websocket")
            .unstarted(() -> {
              try (HeldBodies.Hold _ = message.hold()) {
                run(draft);
              }
            });
    boolean goOn;
    lock.lock();
    try {
      if (closed) {
        message.hold().close();
        return;
      }
      working.add(thread);
      paused = working.size() >= limits.sockets().callsPerConnection();
      goOn = !paused;
      String id = idOf(draft);
      if (id != null) {
        running.put(id, thread);
      }
    } finally {
      lock.unlock();
    }
    thread.start();
    if (goOn) {
      demand();
    }
  }

  private void demand() {
    Session open = session;
    if (open != null && open.isOpen()) {
      open.demand();
    }
  }

  /** The request in a message; null for everything that is ignored here. */
  private RpcRequest.@Nullable Draft request(String message) {
    JsonReader.Outcome read = json.read(message);
    if (read instanceof JsonReader.Outcome.OverLimit(String why)) {
      RpcFault fault = new RpcFault(RpcFault.PARSE, why, null);
      var _ = outlet.send(dispatcher.fault((String) null, fault).body() + "\n", Duration.ZERO);
    }
    if (!(read instanceof JsonReader.Outcome.Value(JsonValue.Obj object))) {
      return null;
    }
    try {
      RpcRequest.Draft draft = RpcRequest.draft(object);
      draft.checked();
      return draft.method().isEmpty() ? null : draft;
    } catch (RpcRequest.Malformed e) {
      LOG.debug("message of {} ignored", caller.remote(), e);
      return null;
    }
  }

  private static @Nullable String idOf(RpcRequest.Draft draft) {
    try {
      return draft.checked().id();
    } catch (RpcRequest.Malformed e) {
      throw new IllegalStateException("id was checked before", e);
    }
  }

  private void run(RpcRequest.Draft draft) {
    String id = idOf(draft);
    long[] channel = {0};
    Reply reply = dispatcher.answer(draft, caller, () -> channel[0] = channels.next());
    boolean resume;
    lock.lock();
    try {
      running.remove(id, Thread.currentThread());
      working.remove(Thread.currentThread());
      resume = paused && !closed;
      paused = false;
      lastHeardNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
    // A cancel that came too late must not hinder the answer.
    Thread.interrupted();
    Runnable begin =
        reply.values() == null
            ? () -> {}
            : channels.open(String.valueOf(id), channel[0], reply.values());
    if (id != null
        && reply.body() != null
        && outlet.send(reply.body() + "\n", Duration.ZERO) == MessageOutlet.Sent.NO_ROOM) {
      RpcFault fault = answers.fault(reply.body().length());
      var _ = outlet.send(dispatcher.fault(id, fault).body() + "\n", Duration.ZERO);
    }
    begin.run();
    if (resume) {
      demand();
    }
  }

  private void cancel(JsonValue params) {
    if (!(params instanceof JsonValue.Arr(List<JsonValue> items)) || items.size() != 1) {
      return;
    }
    String id;
    lock.lock();
    try {
      id = RpcRequest.idText(items.getFirst());
      Thread thread = running.get(id);
      if (thread != null) {
        thread.interrupt();
      }
    } catch (RpcRequest.Malformed e) {
      LOG.debug("cancel of {} ignored", caller.remote(), e);
      return;
    } finally {
      lock.unlock();
    }
    channels.cancel(id);
  }
}
