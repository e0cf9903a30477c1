package io.selkie.node;

import io.selkie.rpc.BackupApi;
import io.selkie.rpc.RpcFault;

/** Copies over the wire: refused, as in the reference where no directory is set for them. */
final class BackupService implements BackupApi {

  @Override
  public void createBackup(String path) throws RpcFault {
    throw new RpcFault("LOTUS_BACKUP_BASE_PATH env var not set");
  }
}
