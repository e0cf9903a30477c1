package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;

/**
 * Removed files of sectors that are still kept: Selkie's own, beyond what the reference answers.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface TrashApi {

  /** Everything in the trash of this node's storage paths, the oldest first. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]selkie.RemovedFile")
  List<RemovedFile> trashList() throws RpcFault, InterruptedException;

  /**
   * Puts a file back in its place and into the index; refused if something is there.
   *
   * @param path the id of the path it is on
   * @param entry its name in the trash
   */
  @RpcMethod(Permission.ADMIN)
  void trashRestore(@Wire(type = "storiface.ID") String path, @Wire(type = "string") String entry)
      throws RpcFault, InterruptedException;

  /**
   * Deletes a removed file for good, before its time.
   *
   * @param path the id of the path it is on
   * @param entry its name in the trash
   */
  @RpcMethod(Permission.ADMIN)
  void trashPurge(@Wire(type = "storiface.ID") String path, @Wire(type = "string") String entry)
      throws RpcFault, InterruptedException;
}
