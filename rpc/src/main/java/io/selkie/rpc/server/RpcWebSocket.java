package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
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
  private final Semaphore subscriptions;
  private final Semaphore strangers;
  private final UnreadAnswers answers;
  private final MessageOutlet outlet;
  private final MessageIntake intake;

  private final ReentrantLock lock = new ReentrantLock();

  /** All calls at work, those without an id too. */
  private final Set<Thread> working = new HashSet<>();

  /** Those that can be cancelled: of two with one id the last. */
  private final Map<String, Thread> running = new HashMap<>();

  private final Map<String, Channel> channels = new HashMap<>();
  private boolean paused;
  private boolean closed;
  private long lastChannel;
  private int opening;
  private boolean counted;
  private long lastHeardNanos = System.nanoTime();
  private @Nullable Session session;
  private @Nullable ScheduledFuture<?> pinging;

  RpcWebSocket(RpcHandler.Parts parts, Caller caller) {
    this.dispatcher = parts.dispatcher();
    this.json = parts.json();
    this.caller = caller;
    this.limits = parts.limits();
    this.pings = parts.pings();
    this.subscriptions = parts.subscriptions();
    this.strangers = parts.strangers();
    this.answers = parts.answers();
    this.outlet = new MessageOutlet(limits, answers, caller);
    this.intake = new MessageIntake(limits, parts.held(), caller);
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
            () -> pingOrGiveUp(opened), interval, interval, TimeUnit.MILLISECONDS);
    opened.demand();
  }

  /** A client that answers no ping is gone, or there is no way to it any more. */
  private void pingOrGiveUp(Session opened) {
    boolean silent;
    lock.lock();
    try {
      // While too many calls run nothing is read; then silence means nothing.
      silent = !paused && System.nanoTime() - lastHeardNanos > limits.times().silence().toNanos();
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
    heard();
    try {
      Optional<MessageIntake.Message> message = intake.take(part, last);
      if (message.isPresent()) {
        receive(message.get());
      } else {
        demand();
      }
    } catch (HeldBodies.Refused e) {
      Session open = session;
      if (open != null) {
        turnAway(open, StatusCode.MESSAGE_TOO_LARGE, String.valueOf(e.getMessage()));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
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
      channels.values().forEach(Channel::cancel);
      channels.clear();
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
    Reply reply = dispatcher.answer(draft, caller, () -> channel[0] = nextChannel());
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
        reply.values() == null ? () -> {} : open(String.valueOf(id), channel[0], reply.values());
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

  /** Takes a place for a channel, which {@link Channel#leave} gives back. */
  private long nextChannel() throws RpcFault {
    lock.lock();
    try {
      if (channels.size() + opening >= limits.sockets().channels()) {
        throw new RpcFault(
            "too many subscriptions: this connection has "
                + limits.sockets().channels()
                + ", the maximum");
      }
      if (!subscriptions.tryAcquire()) {
        throw new RpcFault(
            "too many subscriptions: this server has "
                + limits.sockets().subscriptions()
                + ", the maximum (API.MaxSubscriptions)");
      }
      opening++;
      return ++lastChannel;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a channel up before its number is sent, so that a cancel which answers that finds it.
   *
   * @return lets its values flow, once the number is sent
   */
  private Runnable open(String id, long number, Reply.Values values) {
    Channel channel = new Channel(number, values.type());
    lock.lock();
    try {
      opening--;
      if (closed) {
        return channel::cancel;
      }
      Channel before = channels.put(id, channel);
      return () -> {
        if (before != null) {
          // An id that is used again: nobody could cancel the first one any more.
          before.cancel();
          before.sendClose();
        }
        values.publisher().subscribe(channel);
      };
    } finally {
      lock.unlock();
    }
  }

  private void cancel(JsonValue params) {
    if (!(params instanceof JsonValue.Arr(List<JsonValue> items)) || items.size() != 1) {
      return;
    }
    Channel channel;
    lock.lock();
    try {
      String id = RpcRequest.idText(items.getFirst());
      Thread thread = running.get(id);
      if (thread != null) {
        thread.interrupt();
      }
      channel = channels.remove(id);
    } catch (RpcRequest.Malformed e) {
      LOG.debug("cancel of {} ignored", caller.remote(), e);
      return;
    } finally {
      lock.unlock();
    }
    if (channel != null) {
      channel.cancel();
      channel.sendClose();
    }
  }

  /** Passes the values of one publisher on, one at a time. */
  private final class Channel implements Flow.Subscriber<Object> {

    private final long number;
    private final WireType type;
    private Flow.@Nullable Subscription source;
    private boolean cancelled;
    private boolean left;

    Channel(long number, WireType type) {
      this.number = number;
      this.type = type;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription subscription) {
      source = subscription;
      if (cancelled) {
        subscription.cancel();
      } else {
        subscription.request(1);
      }
    }

    @Override
    public void onNext(Object value) {
      Session open = session;
      Optional<String> fault = dispatcher.standing(caller);
      if (fault.isPresent() && open != null) {
        turnAway(open, StatusCode.POLICY_VIOLATION, fault.get());
        return;
      }
      String message = dispatcher.channelValue(number, type, value);
      MessageOutlet.Sent sent = outlet.send(message, limits.times().send());
      if (sent == MessageOutlet.Sent.TAKEN) {
        more();
        return;
      }
      cancel();
      if (sent == MessageOutlet.Sent.NO_ROOM && open != null) {
        // A value that is left out would go unnoticed.
        turnAway(open, StatusCode.TRY_AGAIN_LATER, answers.fault(message.length()).text());
      }
    }

    private synchronized void more() {
      if (source != null && !cancelled) {
        source.request(1);
      }
    }

    @Override
    public void onError(Throwable cause) {
      LOG.warn("channel {} of {} failed", number, caller.remote(), cause);
      onComplete();
    }

    @Override
    public void onComplete() {
      lock.lock();
      try {
        channels.values().remove(this);
      } finally {
        lock.unlock();
      }
      leave();
      sendClose();
    }

    private synchronized void leave() {
      if (!left) {
        left = true;
        subscriptions.release();
      }
    }

    synchronized void cancel() {
      leave();
      cancelled = true;
      if (source != null) {
        source.cancel();
      }
    }

    void sendClose() {
      var _ =
          outlet.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.close\",\"params\":[" + number + "]}\n",
              Duration.ZERO);
    }
  }
}
