package io.selkie.rpc;

/** Copies of what a node must not lose, as the reference's clients ask for them. */
@RpcNamespace
public interface BackupApi {

  /** Writes a copy of the journal to a file below the directory that is meant for copies. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void createBackup(@Wire(type = "string") String path) throws RpcFault, InterruptedException;
}
