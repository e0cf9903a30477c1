package io.selkie.rpc;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls: what the token allows, and from where.
 *
 * @param permissions the names the token carries, unknown ones included
 * @param remote the address of the other end, for the audit record
 * @param token what is known of the token, if there was one
 */
public record Caller(Set<String> permissions, String remote, Optional<CallerToken> token) {

  /** A caller without a token. */
  public Caller(Set<String> permissions, String remote) {
    this(permissions, remote, Optional.empty());
  }

  /** A caller with an accepted token. */
  static Caller of(TokenGrant grant, String remote) {
    return new Caller(
        Set.copyOf(Objects.requireNonNullElse(grant.allow(), List.of())),
        remote,
        Optional.of(new CallerToken(grant)));
  }

  /**
   * Whether the caller's token is limited to some methods, sectors or a miner. What is no call, and
   * so is not held against the limits, should not be answered then if it tells of sectors.
   */
  public boolean isNarrowed() {
    return token.map(each -> !each.grant().scope().isEmpty()).orElse(false);
  }

  /** Whether this caller may do nothing at all, by token or by the node's configuration. */
  boolean isStranger() {
    return permissions.isEmpty();
  }

  /** Whether this caller may do what needs {@code permission}. */
  public boolean may(Permission permission) {
    return permissions.contains(permission.wireName());
  }
}
