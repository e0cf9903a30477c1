package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.json.WireType;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param status the HTTP status
 * @param body one JSON object, or null if nothing is sent
 * @param values what follows on a channel, or null
 */
record Reply(int status, @Nullable String body, @Nullable Values values) {

  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int SERVER_ERROR = 500;

  /**
   * Values that follow on a channel.
   *
   * @param publisher their source
   * @param type how each is written
   */
  record Values(Flow.Publisher<?> publisher, WireType type) {}

  static Reply of(int status, @Nullable String body) {
    return new Reply(status, body, null);
  }

  /** The HTTP status an error of this code is sent with. */
  static int statusOf(int code) {
    return switch (code) {
      case RpcFault.INVALID_REQUEST -> BAD_REQUEST;
      case RpcFault.PARSE, RpcFault.METHOD_NOT_FOUND, RpcFault.INVALID_PARAMS, RpcFault.CRASH ->
          SERVER_ERROR;
      default -> OK;
    };
  }
}
