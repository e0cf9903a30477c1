package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;

/** Making storage paths: Selkie's own; with the reference the command line writes the file. */
@RpcNamespace("Selkie")
public interface StoragePathApi {

  /**
   * Makes a directory of the node's machine a storage path, without opening it.
   *
   * @param directory absolute; made if absent
   * @param weight how strongly it is preferred
   * @param canSeal whether sectors may be sealed there
   * @param canStore whether finalised sectors may stay there
   * @param maxStorage most bytes to use there, 0 for no limit
   * @param groups groups it belongs to
   * @param allowTo groups that files may be moved to from there; none for all
   * @return the path's id
   */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "storiface.ID")
  String storageInit(
      @Wire(type = "string") String directory,
      long weight,
      @Wire(type = "bool") boolean canSeal,
      @Wire(type = "bool") boolean canStore,
      long maxStorage,
      @Wire(type = "[]string") List<String> groups,
      @Wire(type = "[]string") List<String> allowTo)
      throws RpcFault, InterruptedException;
}
