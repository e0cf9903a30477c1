package io.selkie.dashboard;

import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.server.WebRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the dashboard's files; to be mounted at {@code /}.
 *
 * <p>The files hold no secret and need no token. The page asks its reader for one and sends it with
 * each call. It may load and call nothing but this node: the content security policy says so.
 */
public final class Dashboard implements WebHandler {

  /** Every file there is, by path; nothing else can be asked for. */
  static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("/index.html", "text/html; charset=utf-8"),
          Map.entry("/dashboard.css", "text/css; charset=utf-8"),
          Map.entry("/icon.svg", "image/svg+xml"),
          Map.entry("/js/main.js", "text/javascript; charset=utf-8"),
          Map.entry("/js/rpc.js", "text/javascript; charset=utf-8"),
          Map.entry("/js/dom.js", "text/javascript; charset=utf-8"),
          Map.entry("/js/states.js", "text/javascript; charset=utf-8"),
          Map.entry("/js/time.js", "text/javascript; charset=utf-8"),
          Map.entry("/js/overview.js", "text/javascript; charset=utf-8"),
          Map.entry("/js/sector.js", "text/javascript; charset=utf-8"));

  private static final String PAGE = "/index.html";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
              + " object-src 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          // A page of yesterday's version against today's node is a puzzle nobody needs.
          "Cache-Control",
          "no-cache");

  private final Map<String, byte[]> files;

  private Dashboard(Map<String, byte[]> files) {
    this.files = files;
  }

  /** The dashboard, with its files read from the program. */
  public static Dashboard load() {
    Map<String, byte[]> files = new HashMap<>();
    for (String path : TYPES.keySet()) {
      files.put(path, read(path));
    }
    return new Dashboard(Map.copyOf(files));
  }

  @Override
  public Optional<WebAnswer> answer(WebRequest request) {
    String path = request.path().equals("/") ? PAGE : request.path();
    byte[] file = files.get(path);
    String type = TYPES.get(path);
    if (file == null || type == null) {
      return Optional.empty();
    }
    if (!List.of("GET", "HEAD").contains(request.method())) {
      return Optional.of(
          WebAnswer.text(405, "text/plain; charset=utf-8", "only GET\n")
              .with("Allow", "GET, HEAD"));
    }
    WebAnswer answer = WebAnswer.of(200, type, file);
    for (Map.Entry<String, String> header : HEADERS.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return Optional.of(answer);
  }

  private static byte[] read(String path) {
    try (InputStream in = Dashboard.class.getResourceAsStream("web" + path)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file web" + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's file web" + path + " cannot be read", e);
    }
  }
}
