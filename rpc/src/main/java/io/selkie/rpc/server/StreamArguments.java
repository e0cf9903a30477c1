package io.selkie.rpc.server;

import io.selkie.rpc.client.ZeroStream;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Opens the streams that travel beside a call, described by <code>{"Type":T,"Info":I}</code>: zero
 * bytes, a stream the caller pushes, or a URL.
 */
final class StreamArguments {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private final PushStreams pushed;
  private final Predicate<URI> urlAllowed;

  /**
   * @param urlAllowed which URLs this node fetches for its callers; whoever may add a piece could
   *     otherwise make it fetch from any host it can reach
   */
  StreamArguments(PushStreams pushed, Predicate<URI> urlAllowed) {
    this.pushed = pushed;
    this.urlAllowed = urlAllowed;
  }

  /**
   * The stream described; nothing is fetched before the first byte is read.
   *
   * @throws WireReader.Mismatch with the text the caller is told
   */
  InputStream open(JsonValue json) throws WireReader.Mismatch {
    String type = "";
    String info = "";
    switch (json) {
      case JsonValue.Obj obj -> {
        for (JsonValue.Member member : obj.members()) {
          if (member.name().equalsIgnoreCase("Type")) {
            type = text("Type", "rpcenc.StreamType", member.value());
          } else if (member.name().equalsIgnoreCase("Info")) {
            info = text("Info", "string", member.value());
          }
        }
      }
      case JsonValue.Null _ -> {
        // The zero value: no type, no id. It fails below as a push stream without id.
      }
      default ->
          throw new WireReader.Mismatch(
              "unmarshaling reader id: json: cannot unmarshal "
                  + json.kind()
                  + " into Go value of type rpcenc.ReaderStream");
    }
    return switch (type) {
      case "null" -> new ZeroStream(count(info));
      case "http" -> new FetchedStream(allowed(info));
      default -> push(info);
    };
  }

  private static String text(String member, String goType, JsonValue value)
      throws WireReader.Mismatch {
    return switch (value) {
      case JsonValue.Str(String text) -> text;
      case JsonValue.Null _ -> "";
      default ->
          throw new WireReader.Mismatch(
              "unmarshaling reader id: json: cannot unmarshal "
                  + value.kind()
                  + " into Go struct field ReaderStream."
                  + member
                  + " of type "
                  + goType);
    };
  }

  private static long count(String info) throws WireReader.Mismatch {
    try {
      long count = Long.parseLong(info);
      if (count < 0) {
        throw new WireReader.Mismatch("parsing null byte count: " + count + " is below 0");
      }
      return count;
    } catch (NumberFormatException _) {
      throw new WireReader.Mismatch(
          "parsing null byte count: strconv.ParseInt: parsing \"" + info + "\": invalid syntax");
    }
  }

  private InputStream push(String info) throws WireReader.Mismatch {
    UUID id;
    try {
      id = WireReader.uuid(info);
    } catch (WireReader.Mismatch e) {
      throw new WireReader.Mismatch("parsing reader UUDD: " + e.getMessage());
    }
    return pushed.open(id);
  }

  private URI allowed(String info) throws WireReader.Mismatch {
    URI url;
    try {
      url = URI.create(info);
    } catch (IllegalArgumentException e) {
      throw new WireReader.Mismatch("parsing reader url: " + e.getMessage());
    }
    if (!urlAllowed.test(url)) {
      throw new WireReader.Mismatch(
          "reader type 'http' is refused: this node fetches nothing for its callers");
    }
    return url;
  }

  /** The body at a URL, fetched when the first byte is read. */
  private static final class FetchedStream extends InputStream {

    private final URI url;
    private @Nullable HttpClient http;
    private @Nullable InputStream body;

    FetchedStream(URI url) {
      this.url = url;
    }

    private InputStream body() throws IOException {
      if (body == null) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
        http = client;
        try {
          HttpResponse<InputStream> response =
              client.send(
                  HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofInputStream());
          if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("http status " + response.statusCode() + " from " + url);
          }
          body = response.body();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while fetching " + url, e);
        }
      }
      return body;
    }

    @Override
    public int read() throws IOException {
      return body().read();
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
      return body().read(into, offset, count);
    }

    @Override
    public void close() throws IOException {
      if (body != null) {
        body.close();
      }
      if (http != null) {
        http.shutdownNow();
      }
    }
  }
}
