package io.selkie.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selkie.node.workers.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A service that seals for others, over real sockets, with answers that a test chooses. */
final class SealingService implements AutoCloseable {

  /** What answers a request. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange, byte[] body) throws IOException;
  }

  /** A request that came. */
  record Asked(String path, String range, String secret, String body) {}

  static final String SECRET_HEADER = "X-Sealer-Key";

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  private SealingService(HttpServer server) {
    this.server = server;
  }

  static SealingService start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SealingService service = new SealingService(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", service::serve);
    server.start();
    return service;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      asked.add(
          new Asked(
              path,
              String.valueOf(exchange.getRequestHeaders().getFirst("Range")),
              String.valueOf(exchange.getRequestHeaders().getFirst(SECRET_HEADER)),
              new String(body, StandardCharsets.UTF_8)));
      answers.getOrDefault(path, SealingService::nothing).to(exchange, body);
    }
  }

  private static void nothing(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(404, -1);
  }

  void answer(String path, Answer answer) {
    answers.put(path, answer);
  }

  /** Serves a sector's files below {@code /remote}, as a miner does. */
  void serveSector(Path root, String name) {
    for (String kind : List.of("unsealed", "sealed")) {
      answer(
          "/remote/" + kind + "/" + name,
          (exchange, _) -> file(exchange, Files.readAllBytes(root.resolve(kind).resolve(name))));
    }
    answer(
        "/remote/cache/" + name,
        (exchange, _) -> bytes(exchange, archive(root.resolve("cache").resolve(name)), "x-tar"));
  }

  static byte[] archive(Path cache) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter.write(cache, out);
    return out.toByteArray();
  }

  /** A file, or the part of it that is asked for. */
  static void file(HttpExchange exchange, byte[] whole) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    exchange.getResponseHeaders().add("Content-Type", "application/octet-stream");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, whole.length - from);
    exchange.getResponseBody().write(whole, from, whole.length - from);
  }

  static void bytes(HttpExchange exchange, byte[] body, String type) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/" + type);
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
