package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.NewToken;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.TokenEntry;
import io.selkie.rpc.token.TokenRequest;
import java.util.List;

/**
 * Tokens with names, ends and scopes, and the list of them: Selkie's own, beyond what the reference
 * answers.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface TokenListApi {

  /** A new token. */
  @RpcMethod(Permission.ADMIN)
  NewToken tokenNew(TokenRequest request) throws RpcFault, InterruptedException;

  /** Every token that was made or used here and has not ended, the oldest first. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]selkie.TokenEntry")
  List<TokenEntry> tokenList() throws RpcFault, InterruptedException;

  /**
   * Takes a token back, at once and for ever, and those that were made with it.
   *
   * @param token its identifier, or the SHA-256 of its text
   * @param only whether those that were made with it stay good
   * @return the token, and those that ended with it
   */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]selkie.TokenEntry")
  List<TokenEntry> tokenRevoke(
      @Wire(type = "string") String token, @Wire(type = "bool") boolean only)
      throws RpcFault, InterruptedException;
}
