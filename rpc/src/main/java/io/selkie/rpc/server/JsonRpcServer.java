package io.selkie.rpc.server;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireTypes;
import io.selkie.rpc.json.WireWriter;
import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.TokenJudge;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the API over HTTP and WebSocket on {@code /rpc/v0}, streams on {@code
 * /rpc/streams/v0/push/}, and whatever else is mounted.
 *
 * <p>Listens on the loopback address unless told otherwise, and lets nobody do anything without a
 * token unless told otherwise.
 */
public final class JsonRpcServer implements AutoCloseable {

  /** The port of a miner's API. */
  public static final int DEFAULT_PORT = 2345;

  /** How long calls may go on once the server is told to stop. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** How long cancelled calls may take to end. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /** How often limits in time are looked after at least. */
  private static final long MAX_SWEEP_MS = 5000;

  /** One that answers, and one that notices what else comes in. */
  private static final int TASKS_PER_CONNECTION = 2;

  /** For accepting connections, and those that are told that there are too many. */
  private static final int SPARE_TASKS = 2 * ServerLimits.SURPLUS_CONNECTIONS + 16;

  /** Bytes of a WebSocket message that are handed on at once. */
  private static final int MAX_PART = 65_536;

  private static final Logger LOG = LoggerFactory.getLogger(JsonRpcServer.class);

  private final Server server;
  private final Dispatcher dispatcher;
  private final ScheduledExecutorService pings;
  private final InetSocketAddress address;

  private JsonRpcServer(
      Server server,
      ServerConnector connector,
      Dispatcher dispatcher,
      ScheduledExecutorService pings) {
    this.server = server;
    this.dispatcher = dispatcher;
    this.pings = pings;
    this.address = new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  /**
   * A server to be set up.
   *
   * @param network the prefix of addresses in answers
   * @param tokens judges who may do what
   */
  public static Builder builder(Address.Network network, Tokens tokens) {
    return new Builder(network, tokens);
  }

  /** The address it listens at. */
  public InetSocketAddress address() {
    return address;
  }

  /** The base URL, without a token. */
  public MinerEndpoint endpoint() {
    String host = address.getAddress().getHostAddress();
    String text = host.contains(":") ? "[" + host + "]" : host;
    return MinerEndpoint.parse("http://" + text + ":" + address.getPort());
  }

  /** Stops listening, cancels what still runs after a moment, and ends connections. */
  @Override
  public void close() throws IOException {
    var _ = pings.schedule(dispatcher::cancelAll, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    try {
      server.stop();
    } catch (TimeoutException e) {
      LOG.warn("calls at {} do not end; connections are closed without them", address, e);
    } catch (Exception e) {
      throw new IOException("server at " + address + " does not stop", e);
    } finally {
      pings.shutdownNow();
    }
  }

  /** Sets a server up. */
  public static final class Builder {

    private final WireTypes types = new WireTypes();
    private final ApiTable table = new ApiTable(types);
    private final Address.Network network;
    private final Tokens tokens;
    private final List<RpcHandler.Mount> mounts = new ArrayList<>();
    private InetSocketAddress listen =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_PORT);
    private boolean anonymousRead;
    private Optional<TokenJudge> judge = Optional.empty();
    private CallAudit audit = CallAudit.NONE;
    private Optional<ActorId> miner = Optional.empty();
    private CallWatch watch = (_, _, _) -> {};
    private Predicate<URI> urlAllowed = _ -> false;
    private ServerLimits limits = ServerLimits.DEFAULT;

    /** Programs of this machine, and what it forwards, are the operator's own. */
    private Predicate<InetAddress> uncounted = InetAddress::isLoopbackAddress;

    private Builder(Address.Network network, Tokens tokens) {
      this.network = network;
      this.tokens = tokens;
    }

    /** Where to listen; port 0 takes a free one. */
    public Builder listen(InetSocketAddress address) {
      listen = address;
      return this;
    }

    /** Whether calls without token may read, as in the reference; off unless set. */
    public Builder anonymousRead(boolean allowed) {
      anonymousRead = allowed;
      return this;
    }

    /** Has tokens judged elsewhere; none of this server's own are taken then. */
    public Builder judgedBy(TokenJudge other) {
      judge = Optional.of(other);
      return this;
    }

    /** Serves the methods of an interface of the contract. */
    public <T> Builder serve(Class<T> api, T target) {
      table.add(api, target);
      return this;
    }

    /**
     * The OpenRPC document of everything that is served so far.
     *
     * @param version the API's version, such as {@code 1.5.0}
     */
    public JsonValue openRpc(String version) {
      return OpenRpc.document(table, version);
    }

    /** Answers a path and everything below that is not answered more specifically. */
    public Builder mount(String prefix, WebHandler handler) {
      mounts.add(new RpcHandler.Mount(prefix, handler));
      mounts.sort(
          Comparator.comparingInt((RpcHandler.Mount each) -> each.prefix().length()).reversed());
      return this;
    }

    /** Whose node this is; tokens that are for another miner are refused. */
    public Builder miner(ActorId id) {
      miner = Optional.of(id);
      return this;
    }

    /** Who is told of calls above the read permission. */
    public Builder audit(CallAudit listener) {
      audit = listener;
      return this;
    }

    /** Who is told of every call. */
    public Builder watch(CallWatch listener) {
      watch = listener;
      return this;
    }

    /** Which URLs may be given as a stream to read; none unless set. */
    public Builder allowUrls(Predicate<URI> allowed) {
      urlAllowed = allowed;
      return this;
    }

    /** Other limits than those of a node in service. */
    public Builder limits(ServerLimits other) {
      limits = other;
      return this;
    }

    /** Counts the loopback address as any other: tests have no second machine. */
    Builder countLoopback() {
      uncounted = _ -> false;
      return this;
    }

    /**
     * Starts listening.
     *
     * @throws IOException if the address cannot be listened at
     */
    public JsonRpcServer start() throws IOException {
      // Jetty's own limit is 200 tasks: as many slow clients would keep all others out.
      int tasks = TASKS_PER_CONNECTION * limits.sockets().connections() + SPARE_TASKS;
      Server server = new Server(new VirtualThreadPool(tasks));
      server.setStopTimeout(STOP_TIMEOUT.toMillis());
      ServerConnector connector = connector(server);
      server.addConnector(connector);
      server.addBean(
          new NetworkConnectionLimit(
              limits.sockets().connections() + ServerLimits.SURPLUS_CONNECTIONS, connector));
      ScheduledExecutorService pings =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("rpc-ping").factory());
      RunningCalls running = new RunningCalls(limits.times().call(), System::nanoTime);
      RpcHandler.Parts parts = parts(server, pings, running);
      connector.addBean(parts.connections());
      sweep(pings, "stopping long calls", running::stopOverdue, limits.times().call());
      sweep(pings, "finding dropped calls", parts.dropped()::look, DroppedCalls.UNWATCHED);
      sweep(
          pings,
          "closing connections without a request",
          parts.connections()::closeOverdue,
          limits.times().idle());
      sweep(
          pings,
          "closing connections that take no answer",
          parts.answers()::closeOverdue,
          limits.times().body());
      server.setHandler(new RpcHandler(parts));
      server.setErrorHandler((request, response, callback) -> {
        RpcHandler.plain(response, callback, response.getStatus(), refusal(response.getStatus()));
        return true;
      });
      try {
        server.start();
      } catch (Exception e) {
        pings.shutdownNow();
        Throwable cause = e;
        while (cause.getCause() != null) {
          cause = cause.getCause();
        }
        throw new IOException(
            "cannot listen at "
                + listen.getAddress().getHostAddress()
                + " port "
                + listen.getPort()
                + ": "
                + cause.getMessage(),
            e);
      }
      return new JsonRpcServer(server, connector, parts.dispatcher(), pings);
    }

    /** What the web server refuses by itself. */
    private static String refusal(int status) {
      return switch (status) {
        case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
            "request header bigger than maximum " + ServerLimits.MAX_HEADER_BYTES + " bytes";
        default -> status + " refused";
      };
    }

    /** Looks often enough that a limit is passed by a quarter at most. */
    private static void sweep(
        ScheduledExecutorService timer, String what, Runnable look, Duration limit) {
      long every = Math.clamp(limit.toMillis() / 4, 1, MAX_SWEEP_MS);
      SteadyTask task = new SteadyTask(what, look);
      var _ = timer.scheduleWithFixedDelay(task, every, every, TimeUnit.MILLISECONDS);
    }

    private ServerConnector connector(Server server) {
      HttpConfiguration http = new HttpConfiguration();
      http.setSendServerVersion(false);
      http.setRequestHeaderSize(ServerLimits.MAX_HEADER_BYTES);
      http.setUriCompliance(
          UriCompliance.DEFAULT.with(
              "doubled slashes are redirected", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT));
      ServerConnector connector = new PeekingConnector(server, new HttpConnectionFactory(http));
      connector.setHost(listen.getAddress().getHostAddress());
      connector.setPort(listen.getPort());
      connector.setIdleTimeout(limits.times().idle().toMillis());
      return connector;
    }

    private RpcHandler.Parts parts(
        Server server, ScheduledExecutorService pings, RunningCalls running) {
      ServerWebSocketContainer webSockets = ServerWebSocketContainer.ensure(server);
      webSockets.setIdleTimeout(Duration.ZERO);
      // Messages come in parts, which RpcWebSocket judges; no part is larger than this.
      webSockets.setMaxFrameSize(MAX_PART);
      PushStreams streams = new PushStreams(limits.sockets().streams(), limits.times().meeting());
      HeldBodies held = new HeldBodies(limits);
      Dispatcher dispatcher =
          new Dispatcher(
              table,
              new WireWriter(network, types),
              new StreamArguments(streams, urlAllowed),
              new Dispatcher.Watchers(new CallGate(tokens, miner), audit, watch, running));
      return new RpcHandler.Parts(
          judge
              .map(each -> new Admission(each, anonymousRead))
              .orElseGet(() -> new Admission(tokens, anonymousRead)),
          dispatcher,
          new JsonReader(limits.requests().bodyBytes(), limits.requests().values()),
          new BodyReader(limits, held),
          held,
          new UnreadAnswers(limits, System::nanoTime),
          streams,
          List.copyOf(mounts),
          limits,
          pings,
          new Semaphore(limits.sockets().subscriptions()),
          new Semaphore(limits.sockets().strangers()),
          new ConnectionGate(limits.sockets(), limits.times().idle(), uncounted, System::nanoTime),
          new DroppedCalls(System::nanoTime),
          webSockets);
    }
  }
}
