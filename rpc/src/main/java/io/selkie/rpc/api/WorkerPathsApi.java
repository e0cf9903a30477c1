package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answers about the files it has (lotus api/api_worker.go, "Storage / Other").
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface WorkerPathsApi {

  /** Takes a sector's files away. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void remove(@Wire(type = "abi.SectorID") WireSectorId sector)
      throws RpcFault, InterruptedException;

  /** The directories of its storage paths, by id. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "map[storiface.ID]string")
  Map<String, String> storageLocal() throws RpcFault, InterruptedException;

  /** Opens a storage path, now and at every start. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void storageAddLocal(@Wire(type = "string") String directory)
      throws RpcFault, InterruptedException;

  /** Closes a storage path, and does not open it again. */
  @RpcMethod(Permission.ADMIN)
  void storageDetachLocal(@Wire(type = "string") String directory)
      throws RpcFault, InterruptedException;

  /** Closes every storage path until the next start. */
  @RpcMethod(Permission.ADMIN)
  void storageDetachAll() throws RpcFault, InterruptedException;

  /** Looks at one storage path again, or at all. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void storageRedeclareLocal(
      @Wire(type = "storiface.ID") @Nullable String id, @Wire(type = "bool") boolean dropMissing)
      throws RpcFault, InterruptedException;
}
