package io.selkie.rpc;

import io.selkie.abi.ActorId;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges each call: the permission, whether the token is still good, and its scope. */
final class CallGate {

  /** Methods that make tokens: a narrowed token that may call them would not be narrowed. */
  private static final Set<String> MAKE_TOKENS =
      Set.of("Filecoin.AuthNew", "Selkie.TokenNew", "Selkie.TokenRevoke");

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

  private static String refusal(ApiTable.Entry entry, String why) {
    return "not allowed to invoke '" + entry.bareName() + "': " + why;
  }
}
