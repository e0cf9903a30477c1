package io.selkie.rpc;

import java.time.Duration;

/**
 * What the server takes from outside before it says no.
 *
 * @param bodyBytes a request's body, and a WebSocket message
 * @param batchItems requests in one batch
 * @param values JSON values in one request: memory is taken per value, not per byte
 * @param largeBodies bodies over {@link #LARGE_BODY} that are held at once
 * @param connections open connections; more wait to be accepted
 * @param callsPerConnection calls that run at once over one WebSocket; more wait unread
 * @param idle how long a connection may be silent while a request is being read
 * @param bodyTime how long one body may take altogether
 * @param sendTime how long a WebSocket client may take to accept one message
 * @param meetingTime how long a pushed stream and its call wait for each other
 * @param pingInterval how often a WebSocket is pinged
 * @param silence how long a WebSocket may send nothing, not even an answer to a ping
 * @param callTime how long a call may take that is not meant to wait
 * @param subscriptions channels that are open at once over all connections
 */
public record ServerLimits(
    int bodyBytes,
    int batchItems,
    int values,
    int largeBodies,
    int connections,
    int callsPerConnection,
    Duration idle,
    Duration bodyTime,
    Duration sendTime,
    Duration meetingTime,
    Duration pingInterval,
    Duration silence,
    Duration callTime,
    int subscriptions) {

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

  /** Connections over the limit that are told so; further ones wait to be accepted. */
  public static final int SURPLUS_CONNECTIONS = 64;

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
          MAX_BODY_BYTES,
          MAX_BATCH_ITEMS,
          MAX_VALUES,
          MAX_LARGE_BODIES,
          MAX_CONNECTIONS,
          MAX_CALLS_PER_CONNECTION,
          IDLE_TIMEOUT,
          BODY_TIMEOUT,
          SEND_TIMEOUT,
          PushStreams.MEETING_TIMEOUT,
          RpcWebSocket.PING_INTERVAL,
          SILENCE_TIMEOUT,
          MAX_CALL_TIME,
          MAX_SUBSCRIPTIONS);

  ServerLimits withBodies(int bytes, Duration time) {
    return new ServerLimits(
        bytes,
        batchItems,
        values,
        largeBodies,
        connections,
        callsPerConnection,
        idle,
        time,
        sendTime,
        meetingTime,
        pingInterval,
        silence,
        callTime,
        subscriptions);
  }

  ServerLimits withConnections(int count) {
    return new ServerLimits(
        bodyBytes,
        batchItems,
        values,
        largeBodies,
        count,
        callsPerConnection,
        idle,
        bodyTime,
        sendTime,
        meetingTime,
        pingInterval,
        silence,
        callTime,
        subscriptions);
  }

  ServerLimits withPings(Duration interval, Duration silent) {
    return new ServerLimits(
        bodyBytes,
        batchItems,
        values,
        largeBodies,
        connections,
        callsPerConnection,
        idle,
        bodyTime,
        sendTime,
        meetingTime,
        interval,
        silent,
        callTime,
        subscriptions);
  }

  ServerLimits withCalls(Duration time, int channels) {
    return new ServerLimits(
        bodyBytes,
        batchItems,
        values,
        largeBodies,
        connections,
        callsPerConnection,
        idle,
        bodyTime,
        sendTime,
        meetingTime,
        pingInterval,
        silence,
        time,
        channels);
  }
}
