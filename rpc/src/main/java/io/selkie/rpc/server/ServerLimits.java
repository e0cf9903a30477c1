package io.selkie.rpc.server;

import java.time.Duration;

/**
 * What the server takes from outside before it says no. Where an operator may choose, the key of
 * {@code config.toml} is named with the limit and in the error.
 */
public record ServerLimits(Requests requests, Sockets sockets, Answers answers, Times times) {

  /**
   * One request.
   *
   * @param bodyBytes its body, or a WebSocket message; {@code API.MaxRequestBytes}
   * @param strangerBytes the same for who may do nothing: judged before anything is kept of it
   * @param batchItems requests in one batch; {@code API.MaxBatch}
   * @param values JSON values in it: memory is taken per value, not per byte
   * @param middlingBodies bodies over {@link #SMALL_BODY} that are held at once
   * @param largeBodies bodies over {@link #LARGE_BODY} that are held at once
   */
  public record Requests(
      int bodyBytes,
      int strangerBytes,
      int batchItems,
      int values,
      int middlingBodies,
      int largeBodies) {}

  /**
   * Connections, and what goes on over them.
   *
   * @param connections open ones; more wait to be accepted; {@code API.MaxConnections}
   * @param perAddress those of one address; {@code API.MaxConnectionsPerAddress}
   * @param strangers WebSockets of who may do nothing
   * @param callsPerConnection calls that run at once over one WebSocket; more wait unread
   * @param channels open at once over one WebSocket
   * @param subscriptions channels open at once over all of them; {@code API.MaxSubscriptions}
   * @param streams pushed streams that calls read at once, and as many that were announced before
   *     their call
   */
  public record Sockets(
      int connections,
      int perAddress,
      int strangers,
      int callsPerConnection,
      int channels,
      int subscriptions,
      int streams) {}

  /**
   * What is kept of answers for clients that are slow to take them.
   *
   * @param unreadBytes of all answers over {@link #SMALL_ANSWER}
   * @param batchBytes the answers of one batch together
   */
  public record Answers(int unreadBytes, int batchBytes) {}

  /**
   * Times.
   *
   * @param idle how long a connection may be silent while a request is being read
   * @param body how long one body or message may take altogether, and the taking of one answer
   * @param send how long a WebSocket client may take to accept one message
   * @param meeting how long a pushed stream and its call wait for each other
   * @param pingInterval how often a WebSocket is pinged
   * @param silence how long a WebSocket may send nothing, not even an answer to a ping
   * @param call how long a call may take that is not meant to wait; {@code API.CallTimeout}
   */
  public record Times(
      Duration idle,
      Duration body,
      Duration send,
      Duration meeting,
      Duration pingInterval,
      Duration silence,
      Duration call) {}

  /** The reference's limit; clients see the number in the error. */
  public static final int MAX_BODY_BYTES = 104_857_600;

  /** The reference has none. A client that asks for every sector by itself needs thousands. */
  public static final int MAX_BATCH_ITEMS = 10_000;

  /** Items of one batch that run at once: enough to hide waiting, too few to shut others out. */
  public static final int MAX_BATCH_PARALLEL = 32;

  /**
   * How long a WebSocket may send nothing, not even an answer to a ping. Half-open connections end
   * then; a client that lives answers within one interval of pings.
   */
  public static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(60);

  /** Twenty values for each item of the largest batch, five times over. */
  public static final int MAX_VALUES = 1_000_000;

  /** Together with {@link #MAX_BODY_BYTES} the memory that requests can hold. */
  public static final int MAX_LARGE_BODIES = 4;

  /** A body above this size counts as large, bytes. */
  public static final int LARGE_BODY = 1 << 20;

  /**
   * Sockets; the reference has no limit but that of its process. An idle one costs a few tens of
   * kilobytes, see docs/benchmarks/websockets.md.
   */
  public static final int MAX_CONNECTIONS = 16_384;

  /**
   * Of one address, unless it is the loopback one: a sixteenth of all, and more than any program
   * needs. A proxy in front of many callers wants more.
   */
  public static final int MAX_CONNECTIONS_PER_ADDRESS = 1024;

  /** Connections over the limit that are told so; further ones wait to be accepted. */
  public static final int SURPLUS_CONNECTIONS = 64;

  /** A request's line and header, bytes: what the web server takes unless told otherwise. */
  public static final int MAX_HEADER_BYTES = 8192;

  /** A token and a call. Nobody without a permission has more to say. */
  public static final int MAX_STRANGER_BYTES = 16_384;

  /** Whoever has no token yet; each may hold {@link #MAX_STRANGER_BYTES}. */
  public static final int MAX_STRANGERS = 256;

  /**
   * A body above this size counts, bytes: all connections together hold 256 MiB of smaller ones.
   */
  public static final int SMALL_BODY = 16_384;

  /** A quarter of a gigabyte of bodies up to {@link #LARGE_BODY}. */
  public static final int MAX_MIDDLING_BODIES = 256;

  /** An answer above this size counts as unread until it is taken, bytes. */
  public static final int SMALL_ANSWER = 16_384;

  /** Thirty lists of a million sectors; beyond, an answer is given up rather than the node. */
  public static final int MAX_UNREAD_BYTES = 256 << 20;

  /** Ten thousand statuses with their logs are a fifth of it. */
  public static final int MAX_BATCH_BYTES = 64 << 20;

  /** Channels open at once over one connection. */
  public static final int MAX_CHANNELS = 256;

  /** Reads end in a second; five minutes are for a machine that is on its knees. */
  public static final Duration MAX_CALL_TIME = Duration.ofMinutes(5);

  /** One for each connection and some more. */
  public static final int MAX_SUBSCRIPTIONS = 20_000;

  /** The reference's queue of unprocessed messages. */
  public static final int MAX_CALLS_PER_CONNECTION = 256;

  /** The reference's header read timeout. */
  public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

  /** The largest body over a line of 3 Mbit/s. */
  public static final Duration BODY_TIMEOUT = Duration.ofMinutes(5);

  /** A client that takes nothing for a minute is gone. */
  public static final Duration SEND_TIMEOUT = Duration.ofMinutes(1);

  /** The limits of a node in service. */
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          new Requests(
              MAX_BODY_BYTES,
              MAX_STRANGER_BYTES,
              MAX_BATCH_ITEMS,
              MAX_VALUES,
              MAX_MIDDLING_BODIES,
              MAX_LARGE_BODIES),
          new Sockets(
              MAX_CONNECTIONS,
              MAX_CONNECTIONS_PER_ADDRESS,
              MAX_STRANGERS,
              MAX_CALLS_PER_CONNECTION,
              MAX_CHANNELS,
              MAX_SUBSCRIPTIONS,
              PushStreams.MAX_STREAMS),
          new Answers(MAX_UNREAD_BYTES, MAX_BATCH_BYTES),
          new Times(
              IDLE_TIMEOUT,
              BODY_TIMEOUT,
              SEND_TIMEOUT,
              PushStreams.MEETING_TIMEOUT,
              RpcWebSocket.PING_INTERVAL,
              SILENCE_TIMEOUT,
              MAX_CALL_TIME));

  /** The size of a request's body for a caller. */
  int bodyBytes(Caller caller) {
    return caller.isStranger()
        ? Math.min(requests.strangerBytes(), requests.bodyBytes())
        : requests.bodyBytes();
  }

  /** With bodies of another size, and another time for them. */
  ServerLimits withBodies(int bytes, Duration time) {
    return with(new Requests(
            bytes,
            requests.strangerBytes(),
            requests.batchItems(),
            requests.values(),
            requests.middlingBodies(),
            requests.largeBodies()))
        .with(
            new Times(
                times.idle(),
                time,
                times.send(),
                times.meeting(),
                times.pingInterval(),
                times.silence(),
                times.call()));
  }

  /** With other limits of requests. */
  public ServerLimits with(Requests other) {
    return new ServerLimits(other, sockets, answers, times);
  }

  /** With other limits of connections. */
  public ServerLimits with(Sockets other) {
    return new ServerLimits(requests, other, answers, times);
  }

  /** With other limits of answers. */
  ServerLimits with(Answers other) {
    return new ServerLimits(requests, sockets, other, times);
  }

  /** With other times. */
  public ServerLimits with(Times other) {
    return new ServerLimits(requests, sockets, answers, other);
  }

  /** A time as errors show it. */
  static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
