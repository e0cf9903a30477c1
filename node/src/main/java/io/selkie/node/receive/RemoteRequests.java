package io.selkie.node.receive;

import io.selkie.node.repo.AllowedUrls;
import io.selkie.pipeline.ImportSources;
import io.selkie.pipeline.ImportSources.Header;
import io.selkie.rpc.json.JsonValue;
import io.selkie.storage.SectorImport.Download;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests to those who sealed sectors elsewhere, to addresses that the operator allows and to no
 * other: redirects are not followed. Messages name addresses without their secrets, and never a
 * header's value. Thread-safe.
 */
public final class RemoteRequests implements AutoCloseable {

  /** More headers than any signed request has. */
  static final int MAX_HEADERS = 32;

  /** As long as a header may be that this node itself takes. */
  static final int MAX_HEADER_CHARS = 8192;

  /** Of what a service answered, in a message. */
  private static final int MAX_SHOWN_CHARS = 100;

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int NOT_SATISFIABLE = 416;

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(?:(\\d{1,18})|\\*)");

  private final AllowedUrls allowed;
  private final FetchLimits limits;
  private final HttpClient client;

  public RemoteRequests(AllowedUrls allowed, FetchLimits limits) {
    this.allowed = allowed;
    this.limits = limits;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(limits.connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Why this address is not asked with these headers; empty if it may be. */
  static Optional<String> objection(AllowedUrls allowed, String url, List<Header> headers) {
    String shown = ImportSources.withoutSecrets(url);
    URI address;
    try {
      address = URI.create(url);
    } catch (IllegalArgumentException _) {
      // What the parser says would show the secrets.
      return Optional.of("'" + shown + "' is no URL");
    }
    if (!allowed.test(address)) {
      return Optional.of(
          "this node does not ask " + shown + ": it begins as nothing in API.FetchFrom does");
    }
    if (headers.size() > MAX_HEADERS) {
      return Optional.of(headers.size() + " headers for " + shown + ", at most " + MAX_HEADERS);
    }
    for (Header header : headers) {
      if (header.key().length() + header.value().length() > MAX_HEADER_CHARS) {
        return Optional.of("a header for " + shown + " is longer than " + MAX_HEADER_CHARS);
      }
      if (header.key().equalsIgnoreCase("Range")) {
        return Optional.of("the header 'Range' cannot be given for " + shown);
      }
      try {
        var _ = HttpRequest.newBuilder(address).header(header.key(), header.value());
      } catch (IllegalArgumentException _) {
        return Optional.of("one of the headers for " + shown + " is none, or cannot be given");
      }
    }
    return Optional.empty();
  }

  /** As {@link #objection(AllowedUrls, String, List)}, of what is allowed here. */
  Optional<String> objection(String url, List<Header> headers) {
    return objection(allowed, url, headers);
  }

  private void require(String url, List<Header> headers) throws NotAllowed {
    Optional<String> objection = objection(allowed, url, headers);
    if (objection.isPresent()) {
      throw new NotAllowed(objection.get());
    }
  }

  /** An address that this node does not ask. */
  static final class NotAllowed extends IOException {
    private static final long serialVersionUID = 1;

    NotAllowed(String message) {
      super(message);
    }
  }

  /**
   * Asks for a file or an archive.
   *
   * @param from bytes that are here already
   * @param type the content type it must have
   */
  Download get(String url, List<Header> headers, long from, String type) throws IOException {
    require(url, headers);
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(limits.head());
    headers.forEach(header -> request.header(header.key(), header.value()));
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    HttpResponse<InputStream> answer = send(url, request.build());
    boolean taken = false;
    try {
      if (answer.statusCode() == NOT_SATISFIABLE && from > 0) {
        // Everything is here already, or what is here is of another file.
        return get(url, headers, 0, type);
      }
      if (answer.statusCode() != OK && !(answer.statusCode() == PARTIAL && from > 0)) {
        throw status(url, answer);
      }
      String found = answer.headers().firstValue("Content-Type").orElse("none");
      if (!found.split(";", 2)[0].strip().equalsIgnoreCase(type)) {
        throw new IOException(
            ImportSources.withoutSecrets(url)
                + " answered with the type "
                + found.substring(0, Math.min(found.length(), MAX_SHOWN_CHARS))
                + ", not "
                + type);
      }
      Download download =
          answer.statusCode() == OK
              ? new Download(0, length(answer), new WatchedBody(answer.body(), limits))
              : part(url, answer, from);
      taken = true;
      return download;
    } finally {
      if (!taken) {
        answer.body().close();
      }
    }
  }

  private Download part(String url, HttpResponse<InputStream> answer, long from)
      throws IOException {
    String range = answer.headers().firstValue("Content-Range").orElse("");
    Matcher found = CONTENT_RANGE.matcher(range);
    if (!found.matches() || Long.parseLong(found.group(1)) != from) {
      throw new IOException(
          ImportSources.withoutSecrets(url) + " answered another range than that from " + from);
    }
    long end = Long.parseLong(found.group(2)) + 1;
    // A source may give less than was asked for: what it has in all is what must come.
    long whole = found.group(3) == null ? end : Long.parseLong(found.group(3));
    if (end <= from || whole < end) {
      throw new IOException(
          ImportSources.withoutSecrets(url) + " answered the range '" + range + "', which is none");
    }
    return new Download(
        from, OptionalLong.of(whole - from), new WatchedBody(answer.body(), limits));
  }

  private static OptionalLong length(HttpResponse<InputStream> answer) {
    return answer.headers().firstValueAsLong("Content-Length");
  }

  private static IOException status(String url, HttpResponse<InputStream> answer) {
    return new IOException(
        ImportSources.withoutSecrets(url) + " answered with status " + answer.statusCode());
  }

  /**
   * Posts JSON and takes the bytes that are answered.
   *
   * @param patience until the answer begins
   * @param most bytes that are taken
   */
  byte[] post(String url, JsonValue body, Duration patience, int most) throws IOException {
    require(url, List.of());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(patience)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toJson()))
            .build();
    HttpResponse<InputStream> answer = send(url, request);
    try (InputStream in = new WatchedBody(answer.body(), limits)) {
      if (answer.statusCode() != OK) {
        throw status(url, answer);
      }
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw new IOException(
            ImportSources.withoutSecrets(url) + " answered with more than " + most + " bytes");
      }
      return bytes;
    }
  }

  private HttpResponse<InputStream> send(String url, HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException cancelled) {
      InterruptedIOException interrupted =
          new InterruptedIOException(
              "interrupted while asking " + ImportSources.withoutSecrets(url));
      interrupted.initCause(cancelled);
      throw interrupted;
    } catch (IOException failed) {
      throw new IOException(
          "asking " + ImportSources.withoutSecrets(url) + ": " + failed.getClass().getSimpleName(),
          failed);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
