package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.WireReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every request in, checks its token, and sends it where its path says. */
final class RpcHandler extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(RpcHandler.class);
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String REMOTE_PATH = "/remote";

  private final Parts parts;

  /** What the handler is made of. */
  record Parts(
      Admission admission,
      Dispatcher dispatcher,
      JsonReader json,
      BodyReader bodies,
      HeldBodies held,
      UnreadAnswers answers,
      PushStreams streams,
      List<Mount> mounts,
      ServerLimits limits,
      ScheduledExecutorService pings,
      Semaphore subscriptions,
      Semaphore strangers,
      ConnectionGate connections,
      DroppedCalls dropped,
      ServerWebSocketContainer webSockets) {}

  /**
   * A handler for other paths.
   *
   * @param prefix this path and everything below
   */
  record Mount(String prefix, WebHandler handler) {
    boolean covers(String path) {
      return prefix.equals("/")
          || path.equals(prefix)
          || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
    }
  }

  RpcHandler(Parts parts) {
    super(InvocationType.BLOCKING);
    this.parts = parts;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback)
      throws InterruptedException {
    Optional<String> refusal = parts.connections().begin(request);
    if (refusal.isPresent()) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      plain(response, callback, 503, refusal.get());
      return true;
    }
    try {
      route(request, response, callback);
    } catch (IOException e) {
      LOG.debug("request of {} failed", Request.getRemoteAddr(request), e);
      callback.failed(e);
    }
    return true;
  }

  private void route(Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
    Form form = Form.of(request, parts.bodies());
    String remote = Request.getRemoteAddr(request);
    Optional<Caller> admitted = parts.admission().admit(form.authorization(), form.token(), remote);
    if (admitted.isEmpty() && !path.startsWith(REMOTE_PATH)) {
      response.setStatus(401);
      response.write(true, ByteBuffer.allocate(0), callback);
      return;
    }
    Caller caller = admitted.orElseGet(() -> new Caller(Set.of(), remote));
    String clean = CleanPath.of(path);
    if (!clean.equals(path)) {
      redirect(request, response, callback, clean);
    } else if (path.equals(MinerEndpoint.RPC_PATH)) {
      rpc(request, response, callback, caller, form);
    } else if (path.startsWith(MinerEndpoint.PUSH_PATH)
        && path.length() > MinerEndpoint.PUSH_PATH.length()
        && path.indexOf('/', MinerEndpoint.PUSH_PATH.length()) < 0) {
      push(request, response, callback, path.substring(MinerEndpoint.PUSH_PATH.length()));
    } else {
      mounted(request, response, callback, caller);
    }
  }

  private static void redirect(Request request, Response response, Callback callback, String path) {
    String query = request.getHttpURI().getQuery();
    response.setStatus(301);
    response.getHeaders().put(HttpHeader.LOCATION, query == null ? path : path + "?" + query);
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  private void rpc(Request request, Response response, Callback callback, Caller caller, Form form)
      throws IOException, InterruptedException {
    if (Handshake.isAsked(request)) {
      upgrade(request, response, callback, caller);
      return;
    }
    RpcOverHttp http = new RpcOverHttp(parts.dispatcher(), parts.json(), parts.limits());
    BodyReader.Use run =
        body -> {
          Reply reply;
          try (DroppedCalls.Running running = parts.dropped().begin(request)) {
            reply = http.answer(body, caller, running);
          }
          answer(request, response, callback, reply);
        };
    if (form.bodyTaken()) {
      run.accept(new byte[0]);
      return;
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      parts.bodies().read(in, request.getLength(), caller, run);
    } catch (HeldBodies.Refused e) {
      Reply refusal = http.refuse(RpcFault.PARSE, String.valueOf(e.getMessage()));
      answer(request, response, callback, refusal);
    }
  }

  private void answer(Request request, Response response, Callback callback, Reply reply) {
    byte[] body = bytes(reply);
    EndPoint to = request.getConnectionMetaData().getConnection().getEndPoint();
    Optional<UnreadAnswers.Held> held = parts.answers().holdFor(to, body.length);
    if (held.isPresent()) {
      Callback taken = Callback.from(callback, held.get()::close);
      answer(response, taken, reply.status(), body);
    } else {
      Reply fault = parts.dispatcher().fault((String) null, parts.answers().fault(body.length));
      answer(response, callback, fault.status(), bytes(fault));
    }
  }

  private static byte[] bytes(Reply reply) {
    return reply.body() == null ? new byte[0] : reply.body().getBytes(StandardCharsets.UTF_8);
  }

  private static void answer(Response response, Callback callback, int status, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private void upgrade(Request request, Response response, Callback callback, Caller caller) {
    int refusal = Handshake.refusal(request);
    if (refusal != 0) {
      Handshake.refuse(response, callback, refusal);
      return;
    }
    boolean upgraded =
        parts
            .webSockets()
            .upgrade(
                (_, upgrade, _) -> {
                  upgrade.setExtensions(List.of());
                  return new RpcWebSocket(parts, caller);
                },
                request,
                response,
                callback);
    if (!upgraded) {
      Handshake.refuse(response, callback, Reply.BAD_REQUEST);
    }
  }

  private void push(Request request, Response response, Callback callback, String id)
      throws IOException, InterruptedException {
    UUID stream;
    try {
      stream = WireReader.uuid(id);
    } catch (WireReader.Mismatch e) {
      plain(response, callback, Reply.BAD_REQUEST, "parsing reader uuid: " + e.getMessage());
      return;
    }
    Optional<RemoteNet> net = parts.connections().net(request);
    PushStreams.Outcome outcome;
    switch (request.getMethod()) {
      case "HEAD" -> outcome = parts.streams().head(stream, net);
      case "POST" -> {
        // Told only when nobody waits for the client's bytes: then it is not the client who is
        // silent, and the next read would fail for no fault of his.
        request.addIdleTimeoutListener(_ -> false);
        try (InputStream in = Content.Source.asInputStream(request)) {
          outcome = parts.streams().post(stream, in, Request.getRemoteAddr(request), net);
        }
      }
      default -> {
        plain(response, callback, 405, "unsupported method");
        return;
      }
    }
    Optional<String> refusal = parts.streams().refusal(outcome);
    if (refusal.isPresent()) {
      plain(response, callback, outcome.status(), refusal.get());
      return;
    }
    response.setStatus(outcome.status());
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  private void mounted(Request request, Response response, Callback callback, Caller caller)
      throws IOException, InterruptedException {
    String path = Request.getPathInContext(request);
    for (Mount mount : parts.mounts()) {
      if (mount.covers(path)) {
        Optional<WebAnswer> found = ask(mount, request, path, caller);
        if (found.isPresent()) {
          send(request, response, callback, found.get(), caller);
          return;
        }
        break;
      }
    }
    plain(response, callback, 404, "404 page not found");
  }

  private static Optional<WebAnswer> ask(Mount mount, Request request, String path, Caller caller)
      throws IOException, InterruptedException {
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      headers.putIfAbsent(field.getName().toLowerCase(Locale.ROOT), value == null ? "" : value);
    }
    String query = request.getHttpURI().getQuery();
    try (InputStream body = Content.Source.asInputStream(request)) {
      return mount
          .handler()
          .answer(
              new WebRequest(
                  request.getMethod(),
                  path,
                  query == null ? "" : query,
                  Map.copyOf(headers),
                  caller,
                  body));
    }
  }

  private void send(
      Request request, Response response, Callback callback, WebAnswer answer, Caller caller)
      throws IOException, InterruptedException {
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    if (!request.getMethod().equals("HEAD")) {
      OutputStream out =
          new GuardedStream(
              Content.Sink.asOutputStream(response), () -> parts.dispatcher().standing(caller));
      answer.body().writeTo(out);
      // Not after a failure: an answer that breaks off must not look like a whole one.
      out.close();
    }
    callback.succeeded();
  }

  static void plain(Response response, Callback callback, int status, String text) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, PLAIN);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.write(true, ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)), callback);
  }
}
