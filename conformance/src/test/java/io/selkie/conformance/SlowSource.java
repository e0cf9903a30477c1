package io.selkie.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selkie.node.workers.TarWriter;
import io.selkie.rpc.api.HttpField;
import io.selkie.rpc.api.SectorLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * Serves a sector's files over a real socket, a little at a time. The first answer for each file
 * stops in its middle for good, as if the line were down.
 */
final class SlowSource implements AutoCloseable {

  /** A request that came. */
  record Asked(String path, String range, String secret) {}

  static final String SECRET = "SECRET-OF-THE-SOURCE";

  private static final String SECRET_HEADER = "X-Source-Key";
  private static final int PARTS = 8;
  private static final long PAUSE_MS = 10;

  private final HttpServer server;
  private final Path files;
  private final String name;
  private final Map<String, CountDownLatch> stalled = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  private SlowSource(HttpServer server, Path files, String name) {
    this.server = server;
    this.files = files;
    this.name = name;
  }

  /**
   * Starts it.
   *
   * @param files a directory with one for each kind of file
   * @param name of the sector's files
   */
  static SlowSource start(Path files, String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SlowSource source = new SlowSource(server, files, name);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", source::serve);
    server.start();
    return source;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  SectorLocation place(String kind) {
    return new SectorLocation(
        false, url() + kind + "/" + name, List.of(new HttpField(SECRET_HEADER, SECRET)));
  }

  /** The requests for a kind of file. */
  List<Asked> asked(String kind) {
    return asked.stream().filter(each -> each.path().equals("/" + kind + "/" + name)).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String range = exchange.getRequestHeaders().getFirst("Range");
      String secret = exchange.getRequestHeaders().getFirst(SECRET_HEADER);
      asked.add(new Asked(path, String.valueOf(range), String.valueOf(secret)));
      Path place = files.resolve(path.substring(1));
      boolean directory = Files.isDirectory(place);
      byte[] whole = directory ? archive(place) : Files.readAllBytes(place);
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      exchange
          .getResponseHeaders()
          .add("Content-Type", directory ? "application/x-tar" : "application/octet-stream");
      if (from > 0) {
        exchange
            .getResponseHeaders()
            .add("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, whole.length - from);
      send(exchange.getResponseBody(), path, whole, from);
    } catch (InterruptedException e) {
      throw new IOException("interrupted while a file was served", e);
    }
  }

  private void send(OutputStream out, String path, byte[] whole, int from)
      throws IOException, InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    boolean stalls = stalled.putIfAbsent(path, closed) == null;
    int part = whole.length / PARTS + 1;
    for (int at = from; at < whole.length; at += part) {
      if (stalls && at >= whole.length / 2) {
        closed.await();
      }
      out.write(whole, at, Math.min(part, whole.length - at));
      out.flush();
      Thread.sleep(PAUSE_MS);
    }
  }

  private static byte[] archive(Path cache) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter.write(cache, out);
    return out.toByteArray();
  }

  @Override
  public void close() {
    stalled.values().forEach(CountDownLatch::countDown);
    server.stop(0);
  }
}
