package io.selkie.rpc.token;

import io.selkie.rpc.server.Caller;
import java.util.Optional;

/** Says what a token allows that another node has made. Thread-safe. */
@FunctionalInterface
public interface TokenJudge {

  /**
   * Judges a token that was presented with a request.
   *
   * @param remote the address of the other end
   * @return who calls; empty if the token is refused
   */
  Optional<Caller> admit(String token, String remote);
}
