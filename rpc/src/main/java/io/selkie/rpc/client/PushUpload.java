package io.selkie.rpc.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of a stream argument: waits until the node asks for the data, then sends it.
 */
final class PushUpload {

  /** A little longer than a node waits, so that its answer is heard. */
  private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(40);

  /** How often a node may ask again or send elsewhere before this client gives up. */
  private static final int MAX_ATTEMPTS = 10;

  private static final Duration BUSY_PAUSE = Duration.ofMillis(200);

  private static final Logger LOG = LoggerFactory.getLogger(PushUpload.class);

  private final HttpClient http;
  private final MinerEndpoint endpoint;
  private final InputStream data;
  private final boolean anywhere;
  private final UUID id = UUID.randomUUID();
  private @Nullable Thread thread;

  /**
   * @param anywhere whether the node may send this client to another machine
   */
  PushUpload(HttpClient http, MinerEndpoint endpoint, InputStream data, boolean anywhere) {
    this.http = http;
    this.endpoint = endpoint;
    this.data = data;
    this.anywhere = anywhere;
  }

  String id() {
    return id.toString();
  }

  void start() {
    thread = Thread.ofVirtual().name("push-" + id).start(this::run);
  }

  /** Ends the upload; a call that has its answer needs no more data. */
  void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      send(endpoint.push(id()));
    } catch (IOException e) {
      LOG.warn("stream {} was not delivered: {}", id, e.getMessage());
    } catch (InterruptedException e) {
      LOG.debug("stream {} is not wanted any more", id, e);
      Thread.currentThread().interrupt();
    }
  }

  private void send(URI first) throws IOException, InterruptedException {
    URI target = first;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      HttpResponse<Void> head =
          http.send(
              HttpRequest.newBuilder(target)
                  .method("HEAD", HttpRequest.BodyPublishers.noBody())
                  .timeout(HEAD_TIMEOUT)
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      switch (head.statusCode()) {
        case 200 -> {
          post(target);
          return;
        }
        case 204 -> {
          return;
        }
        // Too many streams are announced; one's own call may claim this one meanwhile.
        case 503 -> Thread.sleep(BUSY_PAUSE);
        case 302 -> {
          target = target.resolve(head.headers().firstValue("Location").orElse(""));
          if (!anywhere && !endpoint.base().getAuthority().equals(target.getAuthority())) {
            throw new IOException("node sends the data to another machine, " + target);
          }
        }
        default -> throw new IOException("node answers " + head.statusCode() + " to " + target);
      }
    }
    throw new IOException("node sends from place to place, last to " + target);
  }

  private void post(URI target) throws IOException, InterruptedException {
    HttpResponse<Void> post =
        http.send(
            HttpRequest.newBuilder(target)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> data))
                .build(),
            HttpResponse.BodyHandlers.discarding());
    if (post.statusCode() != 200) {
      throw new IOException("node answers " + post.statusCode() + " to the data");
    }
  }
}
