package io.selkie.rpc.server;

import java.util.Base64;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The opening of a WebSocket (RFC 6455, section 4.2.1), judged before it is answered. */
final class Handshake {

  private static final int KEY_BYTES = 16;

  private Handshake() {}

  /**
   * Whether a request asks for an upgrade. An offer of HTTP/2 in clear text, which some clients
   * attach to every first request, is not meant.
   */
  static boolean isAsked(Request request) {
    String connection = header(request, HttpHeader.CONNECTION);
    return connection.contains("upgrade") && !header(request, HttpHeader.UPGRADE).equals("h2c");
  }

  /** The status a faulty handshake is refused with, 0 if it is in order. */
  static int refusal(Request request) {
    if (!header(request, HttpHeader.UPGRADE).contains("websocket")) {
      return HttpStatus.BAD_REQUEST_400;
    }
    if (!request.getMethod().equals("GET")) {
      return HttpStatus.METHOD_NOT_ALLOWED_405;
    }
    boolean version = header(request, HttpHeader.SEC_WEBSOCKET_VERSION).equals("13");
    return version && isKey(request) ? 0 : HttpStatus.BAD_REQUEST_400;
  }

  private static boolean isKey(Request request) {
    String key = request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY);
    if (key == null) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  static void refuse(Response response, Callback callback, int status) {
    response.getHeaders().put("Sec-WebSocket-Version", "13");
    response.getHeaders().put("Access-Control-Allow-Origin", "*");
    RpcHandler.plain(response, callback, status, HttpStatus.getMessage(status));
  }

  private static String header(Request request, HttpHeader name) {
    String value = String.join(",", request.getHeaders().getValuesList(name));
    return value.toLowerCase(Locale.ROOT);
  }
}
