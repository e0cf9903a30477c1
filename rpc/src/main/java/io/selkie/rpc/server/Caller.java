package io.selkie.rpc.server;

import io.selkie.abi.ActorId;
import io.selkie.abi.BitField;
import io.selkie.rpc.token.CallerToken;
import io.selkie.rpc.token.NamedSectors;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.TokenGrant;
import io.selkie.rpc.token.TokenScope;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;

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
    return !scope().isEmpty();
  }

  /**
   * Why the caller's token does not reach what is no call but tells as much as one does; empty if
   * it does. Who names no sectors must be told of those only that {@link #sectors} accepts.
   *
   * @param method the wire name of the call
   * @param miner whose node this is
   * @param named sectors that are asked for
   */
  public Optional<String> outside(String method, ActorId miner, List<Long> named) {
    TokenScope scope = scope();
    List<NamedSectors.Named> sectors =
        named.stream().map(each -> NamedSectors.Named.one(OptionalLong.empty(), each)).toList();
    return (named.isEmpty() ? scope.ofAnySector() : scope)
        .refusal(method, Optional.of(miner), sectors)
        .map(why -> "token " + token.orElseThrow().who() + " " + why);
  }

  /** The numbers of the sectors that the caller's token reaches. */
  public LongPredicate sectors() {
    TokenScope scope = scope();
    if (scope.sectors().isEmpty()) {
      return _ -> true;
    }
    BitField allowed = TokenScope.ranges(scope.sectors());
    return number -> number >= 0 && allowed.contains(number);
  }

  private TokenScope scope() {
    return token.map(each -> each.grant().scope()).orElse(TokenScope.ALL);
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
