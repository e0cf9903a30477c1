package io.selkie.rpc.server;

import java.io.IOException;
import java.util.Optional;

/** Answers HTTP requests for paths that are no RPC: the dashboard, metrics, sector files. */
@FunctionalInterface
public interface WebHandler {

  /**
   * Answers a request.
   *
   * @return empty if there is nothing at this path
   * @throws IOException if the request cannot be read or what it asks for cannot be found out
   */
  Optional<WebAnswer> answer(WebRequest request) throws IOException, InterruptedException;
}
