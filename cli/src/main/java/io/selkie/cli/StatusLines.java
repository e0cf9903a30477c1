package io.selkie.cli;

import io.selkie.abi.Address;
import io.selkie.rpc.api.StatusRequest;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.json.WireJson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Statuses as lines of JSON over plain HTTP, passed on as they come: nothing looks into them. */
final class StatusLines {

  private static final String PATH = "/selkie/status";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int PIECE_CHARS = 1 << 16;
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int BUSY = 503;

  /** The longest refusal that is shown, characters. */
  private static final int REFUSAL_CHARS = 4096;

  private final MinerEndpoint endpoint;

  StatusLines(MinerEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Prints a line per sector.
   *
   * @return whether the node serves this, and to this token; if not, nothing was printed
   */
  boolean print(StatusRequest request, PrintWriter out)
      throws CommandFailed, IOException, InterruptedException {
    // What is asked holds no address, so the network does not matter.
    String body = new WireJson(Address.Network.TESTNET).text(request);
    HttpRequest.Builder post =
        HttpRequest.newBuilder(endpoint.base().resolve(PATH))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    endpoint.token().ifPresent(token -> post.header("Authorization", "Bearer " + token));
    HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    try {
      HttpResponse<java.io.InputStream> answer =
          http.send(post.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (Reader lines = new InputStreamReader(answer.body(), StandardCharsets.UTF_8)) {
        int status = answer.statusCode();
        if (status == BAD_REQUEST || status == BUSY) {
          char[] why = new char[REFUSAL_CHARS];
          throw new CommandFailed(new String(why, 0, Math.max(0, lines.read(why))).strip());
        }
        if (status == OK) {
          copy(lines, out);
        }
        return status == OK;
      }
    } finally {
      http.shutdownNow();
    }
  }

  private static void copy(Reader lines, PrintWriter out) throws IOException {
    char[] piece = new char[PIECE_CHARS];
    // Who reads may have gone away; then nothing more is asked for.
    for (int read = lines.read(piece); read >= 0 && !out.checkError(); read = lines.read(piece)) {
      out.write(piece, 0, read);
    }
  }
}
