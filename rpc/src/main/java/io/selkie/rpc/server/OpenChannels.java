package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.json.WireType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one WebSocket, each under the id of its call. Sources of values are called
 * without any lock: they may wait, or call back. Thread-safe.
 */
final class OpenChannels {

  private static final Logger LOG = LoggerFactory.getLogger(OpenChannels.class);

  private final Dispatcher dispatcher;
  private final Caller caller;
  private final ServerLimits limits;
  private final Semaphore subscriptions;
  private final UnreadAnswers answers;
  private final MessageOutlet outlet;
  private final CutOff cutOff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Channel> channels = new HashMap<>();
  private long lastChannel;
  private int opening;
  private boolean ended;

  /** Ends a connection. */
  @FunctionalInterface
  interface CutOff {
    void cutOff(int status, String why);
  }

  OpenChannels(RpcHandler.Parts parts, Caller caller, MessageOutlet outlet, CutOff cutOff) {
    this.dispatcher = parts.dispatcher();
    this.caller = caller;
    this.limits = parts.limits();
    this.subscriptions = parts.subscriptions();
    this.answers = parts.answers();
    this.outlet = outlet;
    this.cutOff = cutOff;
  }

  /** Takes a place for a channel, which {@link Channel#leave} gives back. */
  long next() throws RpcFault {
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
  Runnable open(String id, long number, Reply.Values values) {
    Channel channel = new Channel(number, values.type());
    lock.lock();
    try {
      opening--;
      if (ended) {
        return channel::cancel;
      }
      Channel before = channels.put(id, channel);
      return () -> {
        if (before != null) {
          // An id that is used again: nobody could cancel the first one any more.
          before.close();
        }
        values.publisher().subscribe(channel);
      };
    } finally {
      lock.unlock();
    }
  }

  /** Closes the channel of a call, if there is one. */
  void cancel(@Nullable String id) {
    Channel channel;
    lock.lock();
    try {
      channel = channels.remove(id);
    } finally {
      lock.unlock();
    }
    if (channel != null) {
      channel.close();
    }
  }

  /** The connection has ended, and all of them with it. */
  void end() {
    List<Channel> left;
    lock.lock();
    try {
      ended = true;
      left = List.copyOf(channels.values());
      channels.clear();
    } finally {
      lock.unlock();
    }
    left.forEach(Channel::cancel);
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
    public void onSubscribe(Flow.Subscription subscription) {
      boolean wanted;
      synchronized (this) {
        source = subscription;
        wanted = !cancelled;
      }
      if (wanted) {
        subscription.request(1);
      } else {
        subscription.cancel();
      }
    }

    @Override
    public void onNext(Object value) {
      Optional<String> fault = dispatcher.standing(caller);
      if (fault.isPresent()) {
        cutOff.cutOff(StatusCode.POLICY_VIOLATION, fault.get());
        return;
      }
      String message;
      try {
        message = dispatcher.channelValue(number, type, value);
      } catch (RuntimeException bug) {
        cancel();
        onError(bug);
        return;
      }
      MessageOutlet.Sent sent = outlet.send(message, limits.times().send());
      if (sent == MessageOutlet.Sent.TAKEN) {
        more();
        return;
      }
      cancel();
      if (sent == MessageOutlet.Sent.NO_ROOM) {
        // A value that is left out would go unnoticed.
        cutOff.cutOff(StatusCode.TRY_AGAIN_LATER, answers.fault(message.length()).text());
      }
    }

    private void more() {
      Flow.Subscription from;
      synchronized (this) {
        from = cancelled ? null : source;
      }
      if (from != null) {
        from.request(1);
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

    void cancel() {
      leave();
      Flow.Subscription from;
      synchronized (this) {
        cancelled = true;
        from = source;
      }
      if (from != null) {
        from.cancel();
      }
    }

    /** Cancels it, and tells the client. */
    void close() {
      cancel();
      sendClose();
    }

    private void sendClose() {
      var _ =
          outlet.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.close\",\"params\":[" + number + "]}\n",
              Duration.ZERO);
    }
  }
}
