package io.selkie.rpc;

import java.io.InputStream;
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
    InputStream body) {}
