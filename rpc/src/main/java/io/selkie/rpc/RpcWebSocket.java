package io.selkie.rpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket connection: calls run concurrently and are answered as they end; what is no request
 * is ignored. Public only because Jetty calls it by reflection.
 */
public final class RpcWebSocket implements Session.Listener {

  /** How often the server pings, so that clients and middle boxes see a live connection. */
  static final Duration PING_INTERVAL = Duration.ofSeconds(5);

  /** Channels open at once over one connection. */
  static final int MAX_CHANNELS = 256;

  private static final Logger LOG = LoggerFactory.getLogger(RpcWebSocket.class);

  private final Dispatcher dispatcher;
  private final JsonReader json;
  private final Caller caller;
  private final ServerLimits limits;
  private final ScheduledExecutorService pings;
  private final Semaphore subscriptions;

  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Thread> running = new HashMap<>();
  private final Map<String, Channel> channels = new HashMap<>();
  private int calls;
  private boolean paused;
  private boolean closed;
  private long lastChannel;
  private int opening;
  private long lastHeardNanos = System.nanoTime();
  private @Nullable Session session;
  private @Nullable ScheduledFuture<?> pinging;

  RpcWebSocket(
      Dispatcher dispatcher,
      JsonReader json,
      Caller caller,
      ServerLimits limits,
      ScheduledExecutorService pings,
      Semaphore subscriptions) {
    this.subscriptions = subscriptions;
    this.dispatcher = dispatcher;
    this.json = json;
    this.caller = caller;
    this.limits = limits;
    this.pings = pings;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session = opened;
    pinging =
        pings.scheduleAtFixedRate(
            () -> pingOrGiveUp(opened),
            limits.pingInterval().toMillis(),
            limits.pingInterval().toMillis(),
            TimeUnit.MILLISECONDS);
    opened.demand();
  }

  /** A client that answers no ping is gone, or there is no way to it any more. */
  private void pingOrGiveUp(Session opened) {
    boolean silent;
    lock.lock();
    try {
      // While too many calls run nothing is read; then silence means nothing.
      silent = !paused && System.nanoTime() - lastHeardNanos > limits.silence().toNanos();
    } finally {
      lock.unlock();
    }
    Optional<String> fault = dispatcher.standing(caller);
    if (fault.isPresent()) {
      turnAway(opened, fault.get());
    } else if (silent) {
      LOG.info(
          "{} has been silent for {} s; disconnected",
          caller.remote(),
          limits.silence().toSeconds());
      opened.disconnect();
    } else {
      opened.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }
  }

  /** Whose token is good no more is told so and cut off. */
  private void turnAway(Session opened, String fault) {
    LOG.info("{} is cut off: {}", caller.remote(), fault);
    end();
    opened.close(StatusCode.POLICY_VIOLATION, fault, Callback.NOOP);
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
  public void onWebSocketText(String message) {
    receive(message);
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    String message = StandardCharsets.UTF_8.decode(payload).toString();
    callback.succeed();
    receive(message);
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
      running.values().forEach(Thread::interrupt);
      channels.values().forEach(Channel::cancel);
      channels.clear();
      if (pinging != null) {
        pinging.cancel(false);
      }
    } finally {
      lock.unlock();
    }
  }

  private void receive(String message) {
    heard();
    RpcRequest.Draft draft = request(message);
    if (draft == null) {
      demand();
      return;
    }
    if (draft.method().equals("xrpc.cancel")) {
      cancel(draft.params());
      demand();
      return;
    }
    Thread thread = Thread.ofVirtual().name("rpc-" + draft.method()).unstarted(() -> run(draft));
    boolean goOn;
    lock.lock();
    try {
      calls++;
      paused = calls >= limits.callsPerConnection();
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
    if (!(json.read(message) instanceof JsonReader.Outcome.Value(JsonValue.Obj object))) {
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
      calls--;
      resume = paused && !closed;
      paused = false;
      lastHeardNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
    // A cancel that came too late must not hinder the answer.
    Thread.interrupted();
    if (id != null && reply.body() != null) {
      send(reply.body() + "\n");
    }
    if (reply.values() != null) {
      open(String.valueOf(id), channel[0], reply.values());
    }
    if (resume) {
      demand();
    }
  }

  /** Takes a place for a channel, which {@link Channel#leave} gives back. */
  private long nextChannel() throws RpcFault {
    lock.lock();
    try {
      if (channels.size() + opening >= MAX_CHANNELS) {
        throw new RpcFault(
            "too many subscriptions: this connection has " + MAX_CHANNELS + ", the maximum");
      }
      if (!subscriptions.tryAcquire()) {
        throw new RpcFault(
            "too many subscriptions: this server has " + limits.subscriptions() + ", the maximum");
      }
      opening++;
      return ++lastChannel;
    } finally {
      lock.unlock();
    }
  }

  private void open(String id, long number, Reply.Values values) {
    Channel channel = new Channel(number, values.type());
    boolean late;
    lock.lock();
    try {
      opening--;
      late = closed;
      if (!late) {
        channels.put(id, channel);
      }
    } finally {
      lock.unlock();
    }
    if (late) {
      channel.cancel();
    } else {
      values.publisher().subscribe(channel);
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

  /** Sends one message and waits until the connection has taken it. */
  private boolean send(String message) {
    Session open = session;
    if (open == null || !open.isOpen()) {
      return false;
    }
    sending.lock();
    try {
      Callback.Completable sent = new Callback.Completable();
      open.sendText(message, sent);
      sent.get(limits.sendTime().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      LOG.warn("{} takes no messages for {}; disconnected", caller.remote(), limits.sendTime());
      open.disconnect();
      return false;
    } catch (ExecutionException e) {
      LOG.debug("message to {} was not sent", caller.remote(), e);
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      sending.unlock();
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
        turnAway(open, fault.get());
      } else if (send(dispatcher.channelValue(number, type, value))) {
        more();
      } else {
        cancel();
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
      send("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.close\",\"params\":[" + number + "]}\n");
    }
  }
}
