package io.selkie.rpc.server;

import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.TokenJudge;
import io.selkie.rpc.token.Tokens;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Judges what a request presents as its token. */
final class Admission {

  private static final String BEARER = "Bearer ";

  private final TokenJudge judge;
  private final Set<String> withoutToken;

  /**
   * @param anonymousRead whether a request without token may read, as in the reference
   */
  Admission(Tokens tokens, boolean anonymousRead) {
    this(ofOwn(tokens), anonymousRead);
  }

  /** As the other one, the tokens being judged elsewhere. */
  Admission(TokenJudge judge, boolean anonymousRead) {
    this.judge = judge;
    this.withoutToken = anonymousRead ? Set.of(Permission.READ.wireName()) : Set.of();
  }

  private static TokenJudge ofOwn(Tokens tokens) {
    return (token, remote) -> {
      try {
        return Optional.of(Caller.of(tokens.admit(token), remote));
      } catch (Tokens.Rejected _) {
        // The caller is told 401 and nothing else: the reason would help a guesser.
        return Optional.empty();
      }
    };
  }

  /**
   * What the header or the parameter allows; the header wins.
   *
   * @param header the Authorization header, empty if there is none
   * @param parameter the query or form value, empty if there is none
   * @param remote the address of the other end
   * @return empty if the token is refused
   */
  Optional<Caller> admit(String header, String parameter, String remote) {
    if (header.isEmpty() && parameter.isEmpty()) {
      return Optional.of(new Caller(withoutToken, remote));
    }
    if (!header.isEmpty() && !header.startsWith(BEARER)) {
      return Optional.empty();
    }
    String token = header.isEmpty() ? parameter : header.substring(BEARER.length());
    return judge.admit(token, remote);
  }

  /** The value of {@code token} in a query or a form; empty if there is none. */
  static String parameter(String encoded) {
    for (String pair : encoded.split("&", -1)) {
      if (pair.startsWith("token=")) {
        try {
          return URLDecoder.decode(pair.substring("token=".length()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
          // A value that is not URL-encoded is no token; it is refused as one.
          return pair;
        }
      }
    }
    return "";
  }
}
