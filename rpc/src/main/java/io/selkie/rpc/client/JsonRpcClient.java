package io.selkie.rpc.client;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.GoJson;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireReader;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireTypes;
import io.selkie.rpc.json.WireWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls a node's API over HTTP. Thread-safe.
 *
 * <p>Either by name ({@link #call(String, Object...)}, answers as a tree) or through the interfaces
 * of the contract ({@link #api}). A stream among the arguments is pushed beside the call.
 */
public final class JsonRpcClient implements AutoCloseable {

  /** The code of an error that never travels: the connection failed. */
  public static final int CONNECTION_FAILED = -1111111;

  /** The longest answer that is taken in, characters: a list of 40 million sectors. */
  static final int MAX_ANSWER = 400_000_000;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int HTTP_BAD_REQUEST = 400;
  private static final int HTTP_SERVER_ERROR = 500;

  private final MinerEndpoint endpoint;
  private final HttpClient http;
  private final WireTypes types = new WireTypes();
  private final WireWriter writer;
  private final WireReader reader = new WireReader();
  private final int maxAnswer;
  private final boolean trusting;
  private final JsonReader json;
  private final JsonMapper trees = JsonMapper.builder().build();
  private final AtomicLong nextId = new AtomicLong(1);

  /**
   * @param endpoint the node
   * @param network the prefix addresses are sent with; nodes take either
   */
  public JsonRpcClient(MinerEndpoint endpoint, Address.Network network) {
    this(endpoint, network, MAX_ANSWER, true);
  }

  private JsonRpcClient(
      MinerEndpoint endpoint, Address.Network network, int maxAnswer, boolean trusting) {
    this.endpoint = endpoint;
    this.maxAnswer = maxAnswer;
    this.trusting = trusting;
    this.json = new JsonReader(maxAnswer);
    this.writer = new WireWriter(network, types);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  /** A client for mainnet's address prefix. */
  public JsonRpcClient(MinerEndpoint endpoint) {
    this(endpoint, Address.Network.MAINNET);
  }

  /**
   * A client for somebody who is not trusted: a longer answer is refused, and streams are sent to
   * nobody else, whoever is named.
   *
   * @param maxAnswer characters
   */
  public static JsonRpcClient wary(MinerEndpoint endpoint, Address.Network network, int maxAnswer) {
    return new JsonRpcClient(endpoint, network, maxAnswer, false);
  }

  /** The node this client speaks to. */
  public MinerEndpoint endpoint() {
    return endpoint;
  }

  /**
   * Calls a method.
   *
   * @param method with namespace, such as {@code Filecoin.SectorsList}
   * @param params numbers, texts, records of this module, values of {@code abi}, lists, {@code
   *     null}, {@link JsonValue}, or an {@link InputStream}
   * @return the result, a null node for methods without one
   * @throws RpcFault the method's error
   * @throws IOException if the node cannot be reached or answers no JSON-RPC
   */
  public JsonNode call(String method, @Nullable Object... params)
      throws RpcFault, IOException, InterruptedException {
    return trees.readTree(GoJson.toText(value(method, params)));
  }

  /** As {@link #call(String, Object...)}, without making a tree of it: for very long answers. */
  public JsonValue value(String method, @Nullable Object... params)
      throws RpcFault, IOException, InterruptedException {
    return exchange(method, false, params);
  }

  /**
   * Calls a method whose result is a record.
   *
   * @throws RpcFault the method's error
   * @throws IOException if the node cannot be reached, answers no JSON-RPC, or something else
   */
  public <T extends Record> T call(Class<T> result, String method, @Nullable Object... params)
      throws RpcFault, IOException, InterruptedException {
    Object value = typed(types.struct(result), exchange(method, false, params), method);
    return Objects.requireNonNull(result.cast(value));
  }

  /**
   * The node as one of the contract's interfaces. A broken connection is a fault of code {@link
   * #CONNECTION_FAILED}.
   */
  public <T> T api(Class<T> type) {
    RpcNamespace namespace = type.getAnnotation(RpcNamespace.class);
    if (namespace == null) {
      throw new IllegalArgumentException(type + " is no interface of the API");
    }
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> invoke(namespace.value(), method, arguments));
    return type.cast(proxy);
  }

  /**
   * Calls a method whose values follow on a channel, over a connection of its own.
   *
   * @param method with namespace, such as {@code Filecoin.Closing}
   * @param values is given each value, on the connection's thread
   * @throws RpcFault the method's error
   * @throws IOException if the node cannot be reached
   */
  public RpcSubscription subscribe(
      String method, Consumer<JsonValue> values, @Nullable Object... params)
      throws RpcFault, IOException, InterruptedException {
    return RpcSubscription.open(
        http, endpoint, request(1, method, params, new ArrayList<>()), values);
  }

  private @Nullable Object invoke(
      String namespace, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    RpcMethod remote = method.getAnnotation(RpcMethod.class);
    if (remote == null) {
      return switch (method.getName()) {
        case "hashCode" -> System.identityHashCode(this);
        case "equals" -> false;
        default -> endpoint.base().toString();
      };
    }
    String name = remote.name().isEmpty() ? WireTypes.capitalised(method.getName()) : remote.name();
    WireType result = types.of(method.getAnnotatedReturnType(), method);
    try {
      JsonValue answer =
          exchange(
              namespace + "." + name,
              remote.readsOn(),
              arguments == null ? new Object[0] : arguments);
      return typed(result, answer, name);
    } catch (IOException e) {
      RpcFault fault = new RpcFault(CONNECTION_FAILED, "RPC client error: " + reason(e), null);
      fault.initCause(e);
      throw fault;
    }
  }

  /** The HTTP client has no word for a server that does not take the connection. */
  private String reason(IOException e) {
    return e.getMessage() == null && e instanceof ConnectException
        ? "cannot connect to " + endpoint.base()
        : String.valueOf(e.getMessage());
  }

  private @Nullable Object typed(WireType type, JsonValue value, String method) throws IOException {
    try {
      return reader.read(type, value);
    } catch (WireReader.Mismatch e) {
      throw new IOException("unexpected result of " + method + ": " + e.getMessage(), e);
    }
  }

  /**
   * Sends a call and reads its answer.
   *
   * @param readsOn whether the streams are sent on after an answer, until the other end has enough
   */
  private JsonValue exchange(String method, boolean readsOn, @Nullable Object[] params)
      throws RpcFault, IOException, InterruptedException {
    List<PushUpload> uploads = new ArrayList<>();
    String body = request(nextId.getAndIncrement(), method, params, uploads);
    boolean sendOn = false;
    try {
      uploads.forEach(PushUpload::start);
      HttpResponse<InputStream> response =
          http.send(
              authorised(HttpRequest.newBuilder(endpoint.rpc()))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        JsonValue result = result(response.statusCode(), text(in));
        sendOn = readsOn;
        return result;
      }
    } finally {
      if (!sendOn) {
        uploads.forEach(PushUpload::stop);
      }
    }
  }

  private HttpRequest.Builder authorised(HttpRequest.Builder request) {
    endpoint.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return request;
  }

  private String request(
      long id, String method, @Nullable Object[] params, List<PushUpload> uploads) {
    StringBuilder out = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":");
    out.append(id).append(",\"method\":");
    GoJson.text(out, method);
    out.append(",\"params\":[");
    String separator = "";
    for (Object param : params) {
      out.append(separator);
      switch (param) {
        case ZeroStream zeros -> stream(out, "null", Long.toString(zeros.length()));
        case InputStream data -> {
          PushUpload upload = new PushUpload(http, endpoint, data, trusting);
          uploads.add(upload);
          stream(out, "push", upload.id());
        }
        case null, default -> writer.plain(out, param);
      }
      separator = ",";
    }
    return out.append("]}").toString();
  }

  private static void stream(StringBuilder out, String type, String info) {
    out.append("{\"Type\":\"").append(type).append("\",\"Info\":");
    GoJson.text(out, info);
    out.append('}');
  }

  private String text(InputStream in) throws IOException {
    StringWriter text = new StringWriter();
    Reader decoder = new InputStreamReader(in, StandardCharsets.UTF_8);
    char[] buffer = new char[8192];
    int total = 0;
    for (int n = decoder.read(buffer); n >= 0; n = decoder.read(buffer)) {
      total += n;
      if (total > maxAnswer) {
        throw new IOException("answer longer than " + maxAnswer + " characters");
      }
      text.write(buffer, 0, n);
    }
    return text.toString();
  }

  private JsonValue result(int status, String body) throws RpcFault, IOException {
    if (status > HTTP_BAD_REQUEST && status != HTTP_SERVER_ERROR) {
      throw new IOException("request failed, http status " + status);
    }
    if (!(json.read(body) instanceof JsonReader.Outcome.Value(JsonValue.Obj answer))) {
      throw new IOException("no JSON-RPC answer, http status " + status);
    }
    Optional<JsonValue> error = answer.get("error");
    if (error.isPresent() && error.get() instanceof JsonValue.Obj fault) {
      throw fault(fault);
    }
    return answer.get("result").orElse(JsonValue.Null.VALUE);
  }

  static RpcFault fault(JsonValue.Obj error) {
    int code =
        error.get("code").orElse(JsonValue.Null.VALUE) instanceof JsonValue.Num(String literal)
            ? (int) Double.parseDouble(literal)
            : RpcFault.ORDINARY;
    String message =
        error.get("message").orElse(JsonValue.Null.VALUE) instanceof JsonValue.Str(String text)
            ? text
            : "";
    return new RpcFault(code, message, error.get("data").orElse(null));
  }

  /** Ends what is under way, and closes. */
  public void closeNow() {
    http.shutdownNow();
  }

  @Override
  public void close() {
    http.close();
  }
}
