package io.selkie.rpc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Judges what a request presents as its token. */
final class Admission {

  private static final String BEARER = "Bearer ";

  private final Tokens tokens;
  private final Set<String> withoutToken;

  /**
   * @param anonymousRead whether a request without token may read, as in the reference
   */
  Admission(Tokens tokens, boolean anonymousRead) {
    this.tokens = tokens;
    this.withoutToken = anonymousRead ? Set.of(Permission.READ.wireName()) : Set.of();
  }

  /** What a request without any token may do. */
  Set<String> withoutToken() {
    return withoutToken;
  }

  /**
   * What the header or the parameter allows; the header wins.
   *
   * @param header the Authorization header, empty if there is none
   * @param parameter the query or form value, empty if there is none
   * @return empty if the token is refused
   */
  Optional<Set<String>> admit(String header, String parameter) {
    if (header.isEmpty() && parameter.isEmpty()) {
      return Optional.of(withoutToken);
    }
    if (!header.isEmpty() && !header.startsWith(BEARER)) {
      return Optional.empty();
    }
    String token = header.isEmpty() ? parameter : header.substring(BEARER.length());
    try {
      List<String> allow = tokens.verify(token);
      return Optional.of(Set.copyOf(Objects.requireNonNullElse(allow, List.of())));
    } catch (Tokens.Rejected _) {
      // The caller is told 401 and nothing else: the reason would help a guesser.
      return Optional.empty();
    }
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
