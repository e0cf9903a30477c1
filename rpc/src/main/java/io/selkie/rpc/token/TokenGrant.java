package io.selkie.rpc.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an accepted token carries. The token itself is not among it.
 *
 * @param hash the SHA-256 of its text, lower-case hex
 * @param id its own identifier; for a token without one the beginning of its hash
 * @param name what it was called when it was made, or nothing
 * @param allow names of permissions; null if it has no list at all
 * @param scope what it is narrowed to
 * @param expiry when it ends
 */
public record TokenGrant(
    String hash,
    String id,
    String name,
    @Nullable List<String> allow,
    TokenScope scope,
    Optional<Instant> expiry) {

  /** Characters of a hash that tell tokens apart for a person. */
  static final int PREFIX = 16;
}
