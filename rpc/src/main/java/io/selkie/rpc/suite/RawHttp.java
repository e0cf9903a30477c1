package io.selkie.rpc.suite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/**
 * One HTTP/1.1 exchange, byte for byte: no header is added or hidden that the case does not name,
 * which no ordinary client allows.
 */
final class RawHttp {

  /** How long an answer may take: an unseal of the fixture takes seconds at most. */
  private static final int TIMEOUT_MS = 30_000;

  private static final int MAX_LINE = 64 * 1024;

  private RawHttp() {}

  /**
   * What came.
   *
   * @param headers names in lower case, the first value of each
   */
  record Answer(int status, Map<String, String> headers, String body) {}

  /** A header line. */
  record Field(String name, String value) {}

  static Answer send(URI base, String verb, String path, List<Field> headers, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder(verb + " " + path + " HTTP/1.1\r\n");
    head.append("Host: ").append(base.getAuthority()).append("\r\n");
    headers.forEach(
        each -> head.append(each.name()).append(": ").append(each.value()).append("\r\n"));
    if (headers.stream().noneMatch(each -> each.name().equalsIgnoreCase("Connection"))) {
      head.append("Connection: close\r\n");
    }
    if (body.length > 0 || !(verb.equals("GET") || verb.equals("HEAD"))) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    try (Socket socket = connect(base)) {
      socket.setSoTimeout(TIMEOUT_MS);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
      all.writeBytes(body);
      socket.getOutputStream().write(all.toByteArray());
      socket.getOutputStream().flush();
      return read(socket.getInputStream(), verb.equals("HEAD"));
    }
  }

  private static Socket connect(URI base) throws IOException {
    return base.getScheme().equals("https")
        ? SSLSocketFactory.getDefault().createSocket(base.getHost(), base.getPort())
        : new Socket(base.getHost(), base.getPort());
  }

  private static Answer read(InputStream in, boolean headOnly) throws IOException {
    String first = line(in);
    String[] parts = first.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/") || !parts[1].matches("\\d{3}")) {
      throw new IOException("no HTTP answer: '" + first + "'");
    }
    int status = Integer.parseInt(parts[1]);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.putIfAbsent(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    boolean empty = headOnly || status == 204 || status == 304 || status < 200;
    byte[] body = empty ? new byte[0] : body(in, headers);
    return new Answer(status, Map.copyOf(headers), new String(body, StandardCharsets.UTF_8));
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks(in);
    }
    String length = headers.get("content-length");
    return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
      if (size == 0) {
        return all.toByteArray();
      }
      all.writeBytes(in.readNBytes(size));
      line(in);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > MAX_LINE) {
        throw new IOException("the answer ends in its head: '" + line + "'");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }
}
