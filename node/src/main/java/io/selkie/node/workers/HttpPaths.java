package io.selkie.node.workers;

import io.selkie.abi.SectorId;
import io.selkie.storage.OtherPaths;
import io.selkie.storage.SectorFileType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Other machines' storage paths over their {@code /remote} (lotus storage/paths/remote.go). */
public final class HttpPaths implements OtherPaths, AutoCloseable {

  /** Where copies are. */
  @FunctionalInterface
  public interface Directory {
    /** The copies of a kind on other machines, those to be preferred first. */
    List<Copy> copies(SectorId sector, SectorFileType type) throws IOException;
  }

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Until the head of an answer; moving a large file into the trash takes no longer. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private static final int OK = 200;

  /** The longest that is read of why nothing was deleted. */
  private static final int MAX_REASON = 4096;

  private final Directory directory;
  private final WorkerRules.Reach reach;
  private final Duration stall;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * The paths that a directory names.
   *
   * @param reach where they may be: a path's addresses are what somebody said
   * @param token shows the others who asks
   */
  public HttpPaths(Directory directory, WorkerRules.Reach reach, String token) {
    this(directory, reach, token, MovingBody.STALL);
  }

  HttpPaths(Directory directory, WorkerRules.Reach reach, String token, Duration stall) {
    this.directory = directory;
    this.reach = reach;
    this.token = token;
    this.stall = stall;
  }

  @Override
  public List<Copy> copies(SectorId sector, SectorFileType type) throws IOException {
    return directory.copies(sector, type);
  }

  private HttpRequest.Builder request(String url) throws IOException {
    try {
      return HttpRequest.newBuilder(reach.allowed(URI.create(url)))
          .timeout(ANSWER)
          .header("Authorization", "Bearer " + token);
    } catch (IllegalArgumentException e) {
      throw new IOException("'" + url + "' is no address: " + e.getMessage(), e);
    }
  }

  @Override
  public Incoming open(String url, SectorFileType type) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(request(url).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    String wanted = type.isDirectory() ? "application/x-tar" : "application/octet-stream";
    String found = answer.headers().firstValue("Content-Type").orElse("");
    if (answer.statusCode() != OK || !found.equals(wanted)) {
      answer.body().close();
      throw new IOException("answers " + answer.statusCode() + " with '" + found + "'");
    }
    return new Incoming(
        answer.headers().firstValueAsLong("Content-Length").orElse(-1),
        new MovingBody(answer.body(), stall));
  }

  @Override
  public void delete(Copy copy, SectorId sector, SectorFileType type)
      throws IOException, InterruptedException {
    String last = "it has no address";
    for (String url : copy.urls()) {
      try {
        HttpResponse<InputStream> answer =
            http.send(request(url).DELETE().build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = new MovingBody(answer.body(), stall)) {
          if (answer.statusCode() == OK) {
            return;
          }
          String why = new String(body.readNBytes(MAX_REASON), StandardCharsets.UTF_8);
          last = "answers " + answer.statusCode() + " " + why.strip();
        }
      } catch (IOException e) {
        // A path may have been served elsewhere before; the next address may be the right one.
        last = url + ": " + e;
      }
    }
    throw new IOException(last);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
