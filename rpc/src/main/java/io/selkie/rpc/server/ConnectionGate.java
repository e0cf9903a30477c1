package io.selkie.rpc.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Counts connections, all of them and those of each address, and ends those that do not get a
 * request together in time: a client that sends a header byte by byte is never silent, and would
 * hold its connection for days. Thread-safe.
 */
final class ConnectionGate implements Connection.Listener {

  private final ServerLimits.Sockets limits;
  private final Duration headerTime;
  private final Predicate<InetAddress> uncounted;
  private final LongSupplier nanos;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<RemoteNet, Integer> byNet = new ConcurrentHashMap<>();
  private final Map<Connection, RemoteNet> nets = new ConcurrentHashMap<>();
  private final Map<Connection, State> states = new ConcurrentHashMap<>();

  /**
   * An HTTP connection.
   *
   * @param refusal why it is one too many; empty if it is not
   * @param waitingSince when it began to wait for a request; meaningless while it is busy
   * @param busy whether a request is being answered
   */
  private record State(Optional<String> refusal, long waitingSince, boolean busy) {
    State asBusy() {
      return new State(refusal, waitingSince, true);
    }

    State waiting(long since) {
      return new State(refusal, since, false);
    }
  }

  /**
   * @param headerTime how long a request's header may take altogether
   * @param uncounted addresses that may have any number of connections
   */
  ConnectionGate(
      ServerLimits.Sockets limits,
      Duration headerTime,
      Predicate<InetAddress> uncounted,
      LongSupplier nanos) {
    this.limits = limits;
    this.headerTime = headerTime;
    this.uncounted = uncounted;
    this.nanos = nanos;
  }

  @Override
  public void onOpened(Connection connection) {
    boolean tooMany = open.incrementAndGet() > limits.connections();
    int ofNet = count(connection);
    if (!(connection instanceof HttpConnection)) {
      return;
    }
    boolean tooManyOfNet = ofNet > limits.perAddress();
    Optional<String> refusal = Optional.empty();
    if (tooManyOfNet) {
      refusal =
          Optional.of(
              "more than maximum "
                  + limits.perAddress()
                  + " connections of one address at once (API.MaxConnectionsPerAddress)");
    } else if (tooMany) {
      refusal =
          Optional.of(
              "more than maximum "
                  + limits.connections()
                  + " connections at once (API.MaxConnections)");
    }
    states.put(connection, new State(refusal, nanos.getAsLong(), false));
    if (ofNet > limits.perAddress() + ServerLimits.SURPLUS_CONNECTIONS) {
      // Whoever opens that many and asks nothing is not waited for: others need the places.
      connection.getEndPoint().close();
    }
  }

  /** Counts it with its address; 0 where the address may have any number. */
  private int count(Connection connection) {
    if (!(connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote)
        || uncounted.test(remote.getAddress())) {
      return 0;
    }
    RemoteNet net = RemoteNet.of(remote.getAddress());
    nets.put(connection, net);
    return byNet.merge(net, 1, Integer::sum);
  }

  @Override
  public void onClosed(Connection connection) {
    open.decrementAndGet();
    states.remove(connection);
    RemoteNet net = nets.remove(connection);
    if (net != null) {
      byNet.computeIfPresent(net, (_, before) -> before == 1 ? null : before - 1);
    }
  }

  /**
   * A request is complete up to its body.
   *
   * @return why its connection is not served; empty if it is
   */
  Optional<String> begin(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    State before = states.computeIfPresent(connection, (_, was) -> was.asBusy());
    Request.addCompletionListener(
        request,
        _ -> states.computeIfPresent(connection, (_, was) -> was.waiting(nanos.getAsLong())));
    return before == null ? Optional.empty() : before.refusal();
  }

  /** Whom a request's connection is counted with; empty if with nobody. */
  Optional<RemoteNet> net(Request request) {
    return Optional.ofNullable(nets.get(request.getConnectionMetaData().getConnection()));
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
