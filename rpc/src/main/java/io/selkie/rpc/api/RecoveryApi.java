package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.token.Permission;

/** Recovery of a running node: Selkie's own, beyond what the reference answers. */
@RpcNamespace("Selkie")
public interface RecoveryApi {

  /**
   * Compares journal, disk and chain and says what does not fit and what is to be done about it.
   * Changes nothing.
   */
  @RpcMethod(value = Permission.READ, waits = true)
  DoctorReport doctor(DoctorFilter filter) throws RpcFault, InterruptedException;

  /**
   * Carries a plan out. It is made again first, and must be the same.
   *
   * @param filter as it was given for the plan
   * @param plan the plan's name, as the report gave it
   */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  DoctorReport doctorApply(DoctorFilter filter, String plan) throws RpcFault, InterruptedException;

  /**
   * Backs the repository up while the node runs, and verifies what was written.
   *
   * @param name the new directory, below the directory that the node allows backups in
   */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  BackupReport backupCreate(String name) throws RpcFault, InterruptedException;
}
