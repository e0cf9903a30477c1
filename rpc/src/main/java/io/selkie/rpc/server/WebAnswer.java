package io.selkie.rpc.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The answer to an HTTP request that is no RPC.
 *
 * @param status the HTTP status
 * @param contentType the type of the body
 * @param headers further headers
 * @param body writes the body; called once
 */
public record WebAnswer(
    int status, String contentType, Map<String, String> headers, BodyWriter body) {

  /** Writes a body. */
  @FunctionalInterface
  public interface BodyWriter {

    /** Writes all of it; the stream is closed by the caller. */
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  /** These bytes. */
  public static WebAnswer of(int status, String contentType, byte[] body) {
    byte[] copy = body.clone();
    return new WebAnswer(
        status,
        contentType,
        Map.of("Content-Length", Integer.toString(copy.length)),
        out -> out.write(copy));
  }

  /** This text. */
  public static WebAnswer text(int status, String contentType, String body) {
    return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /** This answer with one more header. */
  public WebAnswer with(String name, String value) {
    var more = new java.util.HashMap<>(headers);
    more.put(name, value);
    return new WebAnswer(status, contentType, Map.copyOf(more), body);
  }
}
