package io.selkie.rpc.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Counts connections, and ends those that do not get a request together in time: a client that
 * sends a header byte by byte is never silent, and would hold its connection for days. Thread-safe.
 */
final class ConnectionGate implements Connection.Listener {

  private final int limit;
  private final Duration headerTime;
  private final LongSupplier nanos;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Connection, State> states = new ConcurrentHashMap<>();

  /**
   * An HTTP connection.
   *
   * @param surplus whether it is one too many
   * @param waitingSince when it began to wait for a request; meaningless while it is busy
   * @param busy whether a request is being answered
   */
  private record State(boolean surplus, long waitingSince, boolean busy) {
    State asBusy() {
      return new State(surplus, waitingSince, true);
    }

    State waiting(long since) {
      return new State(surplus, since, false);
    }
  }

  /**
   * @param limit connections that are served
   * @param headerTime how long a request's header may take altogether
   */
  ConnectionGate(int limit, Duration headerTime, LongSupplier nanos) {
    this.limit = limit;
    this.headerTime = headerTime;
    this.nanos = nanos;
  }

  @Override
  public void onOpened(Connection connection) {
    boolean surplus = open.incrementAndGet() > limit;
    if (connection instanceof HttpConnection) {
      states.put(connection, new State(surplus, nanos.getAsLong(), false));
    }
  }

  @Override
  public void onClosed(Connection connection) {
    open.decrementAndGet();
    states.remove(connection);
  }

  /**
   * A request is complete up to its body.
   *
   * @return whether its connection is served
   */
  boolean begin(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    State before = states.computeIfPresent(connection, (_, was) -> was.asBusy());
    Request.addCompletionListener(
        request,
        _ -> states.computeIfPresent(connection, (_, was) -> was.waiting(nanos.getAsLong())));
    return before == null || !before.surplus();
  }

  /** Ends connections that took too long for a header. */
  void closeOverdue() {
    long now = nanos.getAsLong();
    states.forEach((connection, state) -> {
      if (!state.busy() && now - state.waitingSince() > headerTime.toNanos()) {
        connection.getEndPoint().close();
      }
    });
  }

  /** Connections that are open. */
  int count() {
    return open.get();
  }
}
