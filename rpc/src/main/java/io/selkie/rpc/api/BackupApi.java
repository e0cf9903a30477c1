package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;

/** Copies of what a node must not lose, as the reference's clients ask for them. */
@RpcNamespace
public interface BackupApi {

  /** Writes a copy of the journal to a file below the directory that is meant for copies. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void createBackup(@Wire(type = "string") String path) throws RpcFault, InterruptedException;
}
