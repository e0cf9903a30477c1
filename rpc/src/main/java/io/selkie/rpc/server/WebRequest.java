package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * An HTTP request that is no RPC.
 *
 * @param method the verb, upper case
 * @param path decoded, without empty, {@code .} and {@code ..} segments
 * @param query as sent, without the question mark; empty if there is none
 * @param headers names in lower case, first value of each
 * @param caller who asks; without a token it may do nothing or read, as configured
 * @param body what comes with the request
 */
public record WebRequest(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    Caller caller,
    InputStream body) {

  /**
   * The body as UTF-8.
   *
   * @throws RpcFault if it is longer than {@code maxBytes}, or takes more than {@code time}
   */
  public String text(int maxBytes, Duration time)
      throws RpcFault, IOException, InterruptedException {
    String[] text = {""};
    ServerLimits limits = ServerLimits.DEFAULT.withBodies(maxBytes, time);
    try {
      new BodyReader(limits, new HeldBodies(limits))
          .read(body, -1, caller, read -> text[0] = new String(read, StandardCharsets.UTF_8));
    } catch (HeldBodies.Refused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
    return text[0];
  }
}
