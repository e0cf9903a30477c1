package io.selkie.rpc.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a connection, which can tell while a request is being answered that the other
 * end has closed its side. That is only seen by reading; what a client sends ahead of its time is
 * kept, and comes out of the next {@link #fill} first.
 */
final class PeekingEndPoint extends SocketChannelEndPoint {

  /** Enough to see whether something is there; the rest stays in the socket. */
  private static final int PEEK_BYTES = 1;

  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  /** In fill mode of {@link BufferUtil}: empty, or what was peeked. Guarded by the lock. */
  private final ByteBuffer peeked = BufferUtil.allocate(PEEK_BYTES);

  PeekingEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Executor executor) {
    super(channel, selector, key, scheduler);
    this.executor = executor;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    lock.lock();
    try {
      if (BufferUtil.hasContent(peeked)) {
        return BufferUtil.append(buffer, peeked);
      }
    } finally {
      lock.unlock();
    }
    return super.fill(buffer);
  }

  /** Who waits for bytes is told at once of those that are here already. */
  @Override
  protected void needsFillInterest() {
    boolean here;
    lock.lock();
    try {
      here = BufferUtil.hasContent(peeked);
    } finally {
      lock.unlock();
    }
    if (here) {
      executor.execute(() -> getFillInterest().fillable());
    } else {
      super.needsFillInterest();
    }
  }

  /**
   * Watches the other end while nobody else reads, which is while a request whose body was read is
   * being answered.
   *
   * @param onGone run once, if the other end closes its side while it is being watched
   */
  Watch watch(Runnable onGone) {
    Watch watch = new Watch(onGone);
    watch.register();
    return watch;
  }

  /** A watch on the other end. Whoever began it ends it before the answer is written. */
  final class Watch implements Callback, AutoCloseable {

    private final Runnable onGone;
    private boolean ended;

    private Watch(Runnable onGone) {
      this.onGone = onGone;
    }

    private void register() {
      if (!tryFillInterested(this)) {
        // Somebody reads after all, and will see for himself.
        lock.lock();
        try {
          ended = true;
        } finally {
          lock.unlock();
        }
      }
    }

    /** Something is there, or the other end has closed its side. */
    @Override
    public void succeeded() {
      boolean again;
      boolean gone = false;
      lock.lock();
      try {
        if (ended) {
          return;
        }
        int read = read();
        again = read == 0;
        gone = read < 0;
        ended = !again;
      } finally {
        lock.unlock();
      }
      if (again) {
        register();
      }
      if (gone) {
        onGone.run();
      }
    }

    private int read() {
      try {
        return PeekingEndPoint.super.fill(peeked);
      } catch (IOException _) { // reset: the other end is gone, which is what was asked
        return -1;
      }
    }

    /** The connection was closed, or has been silent for long, which it may. */
    @Override
    public void failed(@Nullable Throwable cause) {
      boolean silent = cause instanceof TimeoutException;
      lock.lock();
      try {
        if (ended) {
          return;
        }
        ended = !silent;
      } finally {
        lock.unlock();
      }
      if (silent) {
        register();
      } else {
        onGone.run();
      }
    }

    /** Ends it; a read that has begun is waited for. */
    @Override
    public void close() {
      boolean registered;
      lock.lock();
      try {
        registered = !ended;
        ended = true;
      } finally {
        lock.unlock();
      }
      if (registered) {
        getFillInterest().onFail(new CancellationException("the answer is ready"));
      }
    }
  }
}
