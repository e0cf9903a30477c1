package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Workers and the scheduler.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface WorkersApi {

  /** Asks this node to take a remote worker on. */
  @RpcMethod(Permission.ADMIN)
  void workerConnect(@Wire(type = "string") String url) throws RpcFault, InterruptedException;

  /** Every worker. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "map[uuid.UUID]storiface.WorkerStats")
  Map<UUID, WorkerStats> workerStats() throws RpcFault, InterruptedException;

  /** What the workers are busy with. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "map[uuid.UUID][]storiface.WorkerJob")
  Map<UUID, List<WorkerJob>> workerJobs() throws RpcFault, InterruptedException;

  /** What the scheduler knows. */
  @RpcMethod(Permission.ADMIN)
  SchedDiag sealingSchedDiag(@Wire(type = "bool") boolean doSched)
      throws RpcFault, InterruptedException;

  /** Ends a call with an error. */
  @RpcMethod(Permission.ADMIN)
  void sealingAbort(@Wire(type = "storiface.CallID") CallId call)
      throws RpcFault, InterruptedException;

  /** Drops work that no worker has taken yet. */
  @RpcMethod(Permission.ADMIN)
  void sealingRemoveRequest(@Wire(type = "uuid.UUID") UUID request)
      throws RpcFault, InterruptedException;
}
