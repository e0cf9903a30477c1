package io.selkie.rpc.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the messages of one WebSocket, one at a time, to a client who may be slow. Thread-safe. */
final class MessageOutlet {

  private static final Logger LOG = LoggerFactory.getLogger(MessageOutlet.class);

  private final ServerLimits limits;
  private final UnreadAnswers answers;
  private final Caller caller;
  private final ReentrantLock sending = new ReentrantLock();
  private volatile @Nullable Session session;

  /** What became of a message. */
  enum Sent {
    /** The connection has it. */
    TAKEN,
    /** Too much waits for slow clients already. */
    NO_ROOM,
    /** The connection has ended, or ends. */
    LOST
  }

  MessageOutlet(ServerLimits limits, UnreadAnswers answers, Caller caller) {
    this.limits = limits;
    this.answers = answers;
    this.caller = caller;
  }

  void open(Session opened) {
    session = opened;
  }

  /**
   * Sends a message and waits until the connection has taken it.
   *
   * @param patience how long to wait for room to keep it
   */
  Sent send(String message, Duration patience) {
    Session open = session;
    if (open == null || !open.isOpen()) {
      return Sent.LOST;
    }
    try {
      Optional<UnreadAnswers.Held> held = answers.hold(message.length(), patience);
      if (held.isEmpty()) {
        return Sent.NO_ROOM;
      }
      try (UnreadAnswers.Held _ = held.get()) {
        return deliver(open, message);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Sent.LOST;
    }
  }

  private Sent deliver(Session open, String message) throws InterruptedException {
    Duration time = limits.times().send();
    // When a message before this one is not taken in time, the connection ends.
    if (!sending.tryLock(2 * time.toMillis(), TimeUnit.MILLISECONDS)) {
      return Sent.LOST;
    }
    try {
      Callback.Completable sent = new Callback.Completable();
      open.sendText(message, sent);
      sent.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return Sent.TAKEN;
    } catch (TimeoutException _) {
      LOG.warn("{} takes no messages for {}; disconnected", caller.remote(), time);
      open.disconnect();
    } catch (ExecutionException e) {
      LOG.debug("message to {} was not sent", caller.remote(), e);
    } finally {
      sending.unlock();
    }
    return Sent.LOST;
  }
}
