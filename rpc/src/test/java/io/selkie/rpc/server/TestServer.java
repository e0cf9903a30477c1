package io.selkie.rpc.server;

import io.selkie.abi.Address;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.token.TokenApi;
import io.selkie.rpc.token.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A server with the probe, and the plainest client there is: bytes over a socket. */
public final class TestServer implements AutoCloseable {

  static final ServerLimits SMALL =
      new ServerLimits(
          new ServerLimits.Requests(4096, 1024, 5, 1500, 20, 2),
          new ServerLimits.Sockets(
              100, 100, 3, 2, 4, ServerLimits.MAX_SUBSCRIPTIONS, PushStreams.MAX_STREAMS),
          new ServerLimits.Answers(1 << 20, 1 << 16),
          new ServerLimits.Times(
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofSeconds(2),
              Duration.ofSeconds(1),
              RpcWebSocket.PING_INTERVAL,
              ServerLimits.SILENCE_TIMEOUT,
              ServerLimits.MAX_CALL_TIME));

  /** {@link #SMALL} with so many connections. */
  static ServerLimits connections(int count) {
    ServerLimits.Sockets sockets = SMALL.sockets();
    return SMALL.with(
        new ServerLimits.Sockets(
            count,
            sockets.perAddress(),
            sockets.strangers(),
            sockets.callsPerConnection(),
            sockets.channels(),
            sockets.subscriptions(),
            sockets.streams()));
  }

  /** {@link #SMALL} with so many connections of one address, which may be silent for long. */
  static ServerLimits perAddress(int count) {
    ServerLimits.Sockets sockets = SMALL.sockets();
    return SMALL
        .with(ServerLimits.DEFAULT.times())
        .with(
            new ServerLimits.Sockets(
                sockets.connections(),
                count,
                sockets.strangers(),
                sockets.callsPerConnection(),
                sockets.channels(),
                sockets.subscriptions(),
                sockets.streams()));
  }

  /** {@link #SMALL} with so many subscriptions in all. */
  static ServerLimits subscriptions(int count) {
    ServerLimits.Sockets sockets = SMALL.sockets();
    return SMALL.with(
        new ServerLimits.Sockets(
            sockets.connections(),
            sockets.perAddress(),
            sockets.strangers(),
            sockets.callsPerConnection(),
            sockets.channels(),
            count,
            sockets.streams()));
  }

  /** {@link #SMALL} with so many pushed streams, which are waited for long enough. */
  static ServerLimits streams(int count) {
    ServerLimits.Sockets sockets = SMALL.sockets();
    ServerLimits.Times times = SMALL.times();
    return SMALL
        .with(
            new ServerLimits.Sockets(
                sockets.connections(),
                sockets.perAddress(),
                sockets.strangers(),
                sockets.callsPerConnection(),
                sockets.channels(),
                sockets.subscriptions(),
                count))
        .with(
            new ServerLimits.Times(
                times.idle(),
                times.body(),
                times.send(),
                PushStreams.MEETING_TIMEOUT,
                times.pingInterval(),
                times.silence(),
                times.call()));
  }

  /** {@link #SMALL} with such pings, and such patience with a silent client. */
  static ServerLimits pings(Duration interval, Duration silence) {
    ServerLimits.Times times = SMALL.times();
    return SMALL.with(
        new ServerLimits.Times(
            times.idle(),
            times.body(),
            times.send(),
            times.meeting(),
            interval,
            silence,
            times.call()));
  }

  /** {@link #SMALL} with so much time for a call. */
  static ServerLimits callTime(Duration time) {
    ServerLimits.Times times = SMALL.times();
    return SMALL.with(
        new ServerLimits.Times(
            times.idle(),
            times.body(),
            times.send(),
            times.meeting(),
            times.pingInterval(),
            times.silence(),
            time));
  }

  private static final int TIMEOUT_MS = 10_000;

  final ProbeApi.Probe probe = new ProbeApi.Probe();
  final Tokens tokens;
  public final JsonRpcServer server;

  private TestServer(Tokens tokens, UnaryOperator<JsonRpcServer.Builder> setUp) throws IOException {
    this.tokens = tokens;
    this.server =
        setUp
            .apply(
                JsonRpcServer.builder(Address.Network.TESTNET, tokens)
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .serve(ProbeApi.class, probe)
                    .serve(AuthApi.class, new TokenApi(tokens)))
            .start();
  }

  public static TestServer start(UnaryOperator<JsonRpcServer.Builder> setUp) throws IOException {
    return start(InstantSource.system(), setUp);
  }

  public static TestServer start(InstantSource clock, UnaryOperator<JsonRpcServer.Builder> setUp)
      throws IOException {
    byte[] secret = new byte[Tokens.SECRET_BYTES];
    Arrays.fill(secret, (byte) 7);
    return new TestServer(new Tokens(secret, clock, _ -> false), setUp);
  }

  public String token(String... allow) {
    return tokens.create(List.of(allow), Optional.empty());
  }

  MinerEndpoint endpoint(String... allow) {
    return new MinerEndpoint(server.endpoint().base(), Optional.of(token(allow)));
  }

  /**
   * What the server sends in answer to these bytes.
   *
   * @param status the status
   * @param head the header lines
   * @param body what follows them
   */
  record Answer(int status, String head, String body) {}

  /** Posts a body to the API without any header but its length. */
  Answer post(String body) throws IOException {
    return post(body, "");
  }

  /** Posts a body with further header lines, each ending with CR LF. */
  Answer post(String body, String headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return post(bytes, headers);
  }

  Answer post(byte[] body, String headers) throws IOException {
    String head =
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + headers
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(body);
    return raw(all.toByteArray());
  }

  /** Sends a request line and headers without body, over a connection of its own. */
  Answer get(String line, String headers) throws IOException {
    String head = line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
    return raw(head.getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends bytes and reads to the end of the connection. */
  Answer raw(byte[] bytes) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return read(socket);
    }
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
    socket.setSoTimeout(TIMEOUT_MS);
    return socket;
  }

  static Answer read(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    int end = all.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Answer(0, all, "");
    }
    String head = all.substring(0, end);
    return new Answer(Integer.parseInt(head.substring(9, 12)), head, all.substring(end + 4));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
