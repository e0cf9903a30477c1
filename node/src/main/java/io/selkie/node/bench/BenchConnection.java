package io.selkie.node.bench;

import io.selkie.rpc.client.MinerEndpoint;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One HTTP connection that is kept, for one thread: a client so small that what is measured is the
 * node. The time of a call is from the request's first byte to the answer's last one.
 */
final class BenchConnection implements AutoCloseable {

  private static final int TIMEOUT_MS = 300_000;

  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String head;
  private byte[] buffer = new byte[1 << 16];
  private int length;
  private long nanos;

  BenchConnection(MinerEndpoint node) throws IOException {
    URI url = node.rpc();
    socket = new Socket(url.getHost(), url.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = socket.getOutputStream();
    head =
        " HTTP/1.1\r\nHost: "
            + url.getAuthority()
            + "\r\nAuthorization: Bearer "
            + node.token().orElse("")
            + "\r\nContent-Type: application/json\r\nContent-Length: ";
  }

  /** Calls a method; {@code params} is the JSON of its parameters, without the brackets. */
  BenchConnection call(String method, String params) throws IOException {
    return exchange("POST", MinerEndpoint.RPC_PATH, request(method, params));
  }

  /** A call as it is sent. */
  static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
        + method
        + "\",\"params\":["
        + params
        + "]}";
  }

  BenchConnection exchange(String verb, String path, String body) throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    byte[] start =
        (verb + " " + path + head + content.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] request = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, request, start.length, content.length);
    long from = System.nanoTime();
    out.write(request);
    read();
    nanos = System.nanoTime() - from;
    return this;
  }

  private void read() throws IOException {
    String status = line();
    int announced = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        announced = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    if (announced < 0) {
      throw new IOException("an answer without a length: " + status);
    }
    if (announced > buffer.length) {
      buffer = new byte[announced];
    }
    length = in.readNBytes(buffer, 0, announced);
    if (length < announced || !status.startsWith("HTTP/1.1 200 ")) {
      throw new IOException(status + ", " + length + " of " + announced + " bytes: " + text());
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the answer ends in its head: '" + line + "'");
      }
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }

  /** How long the last call took. */
  long nanos() {
    return nanos;
  }

  /** Bytes of the last answer. */
  int length() {
    return length;
  }

  /** The last answer. */
  String text() {
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }

  /** The last answer, to be compared later. */
  byte[] answer() {
    return Arrays.copyOf(buffer, length);
  }

  /**
   * Compares the last answer.
   *
   * @throws IOException with the place where it differs
   */
  void expect(String result) throws IOException {
    expect(answer(), result);
  }

  /** As {@link #expect(String)}, of an answer that was kept. */
  static void expect(byte[] answer, String result) throws IOException {
    String wanted = "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":" + result + "}\n";
    byte[] bytes = wanted.getBytes(StandardCharsets.UTF_8);
    int at = Arrays.mismatch(bytes, answer);
    if (at >= 0) {
      throw new IOException(
          "a wrong answer from byte %d on: '%s', not '%s'"
              .formatted(
                  at, around(new String(answer, StandardCharsets.UTF_8), at), around(wanted, at)));
    }
  }

  private static String around(String text, int at) {
    return text.substring(
        Math.clamp(at - 20L, 0, text.length()), Math.clamp(at + 40L, 0, text.length()));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
