package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.token.AuditFilter;
import io.selkie.rpc.token.AuditPage;
import io.selkie.rpc.token.Permission;

/**
 * What was done here, and by whom: Selkie's own, beyond what the reference answers.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface AuditApi {

  /** Records of the calls above the read permission, the newest first. */
  @RpcMethod(Permission.ADMIN)
  AuditPage auditQuery(AuditFilter filter) throws RpcFault, InterruptedException;
}
