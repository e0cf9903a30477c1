package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokens.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface AuthApi {

  /** A new token's text, as bytes. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]byte")
  byte[] authNew(@Wire(type = "[]auth.Permission") @Nullable List<String> permissions)
      throws RpcFault, InterruptedException;

  /** What a token allows. */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]auth.Permission")
  @Nullable List<String> authVerify(@Wire(type = "string") String token)
      throws RpcFault, InterruptedException;

  /** What a token allows, asked by a storage node. */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]auth.Permission")
  @Nullable List<String> storageAuthVerify(@Wire(type = "string") String token)
      throws RpcFault, InterruptedException;
}
