package io.selkie.rpc.server;

import io.selkie.abi.ActorId;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.token.CallerToken;
import io.selkie.rpc.token.NamedSectors;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.TokenGrant;
import io.selkie.rpc.token.TokenRequest;
import io.selkie.rpc.token.TokenScope;
import io.selkie.rpc.token.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges each call: the permission, whether the token is still good, and its scope. */
final class CallGate {

  private static final String AUTH_NEW = "Filecoin.AuthNew";

  /**
   * Methods that make tokens, or hand one out: a narrowed token that may call them would not be
   * narrowed.
   */
  private static final Set<String> MAKE_TOKENS =
      Set.of(AUTH_NEW, "Selkie.TokenNew", "Selkie.TokenRevoke", "Filecoin.WorkerConnect");

  private final Tokens tokens;
  private final Optional<ActorId> miner;

  /**
   * @param miner whose node this is, where it has one
   */
  CallGate(Tokens tokens, Optional<ActorId> miner) {
    this.tokens = tokens;
    this.miner = miner;
  }

  /** Why a caller who was let in may not stay; empty if he may. */
  Optional<String> standing(Caller caller) {
    return caller.token().flatMap(token -> tokens.standing(token.grant()));
  }

  /**
   * Lets a call through.
   *
   * @throws RpcFault with why it may not run
   */
  void check(ApiTable.Entry entry, Caller caller, @Nullable Object[] arguments) throws RpcFault {
    if (!caller.may(entry.permission())) {
      throw new RpcFault(
          "missing permission to invoke '"
              + entry.bareName()
              + "' (need '"
              + entry.permission().wireName()
              + "')");
    }
    Optional<String> fault = standing(caller);
    if (fault.isPresent()) {
      throw new RpcFault(refusal(entry, fault.get()));
    }
    Optional<String> more = makesMore(entry, caller, arguments);
    if (more.isPresent()) {
      throw new RpcFault(refusal(entry, more.get()));
    }
    TokenScope scope = caller.token().map(token -> token.grant().scope()).orElse(TokenScope.ALL);
    if (scope.isEmpty()) {
      return;
    }
    if (MAKE_TOKENS.contains(entry.wireName())) {
      throw new RpcFault(refusal(entry, "a token with a scope neither makes tokens nor ends them"));
    }
    Optional<String> outside =
        scope.refusal(entry.wireName(), miner, NamedSectors.of(entry.params(), arguments));
    if (outside.isPresent()) {
      throw new RpcFault(
          refusal(entry, "token " + caller.token().orElseThrow().who() + " " + outside.get()));
    }
  }

  /**
   * Why a token may not be made by a caller: it would allow more than his own does, or be good for
   * longer. Names that are no permissions allow nothing, here as in the reference.
   */
  private Optional<String> makesMore(
      ApiTable.Entry entry, Caller caller, @Nullable Object[] arguments) {
    Optional<CallerToken> own = caller.token();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    TokenGrant grant = own.get().grant();
    if (entry.wireName().equals(AUTH_NEW)) {
      List<String> allow =
          arguments[0] instanceof List<?> names
              ? names.stream().map(String::valueOf).toList()
              : List.of();
      return tokens.outlives(grant, Duration.ZERO).or(() -> allowsMore(caller, allow));
    }
    if (arguments.length == 1 && arguments[0] instanceof TokenRequest request) {
      return tokens
          .outlives(grant, request.expiresIn())
          .or(() -> allowsMore(caller, request.allow()));
    }
    return Optional.empty();
  }

  private static Optional<String> allowsMore(Caller caller, List<String> allow) {
    return allow.stream()
        .filter(each -> Permission.ofWireName(each).isPresent())
        .filter(each -> !caller.permissions().contains(each))
        .findFirst()
        .map(each -> "a token without '" + each + "' makes none that allows it");
  }

  private static String refusal(ApiTable.Entry entry, String why) {
    return "not allowed to invoke '" + entry.bareName() + "': " + why;
  }
}
