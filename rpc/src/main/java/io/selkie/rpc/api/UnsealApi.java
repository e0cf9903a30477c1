package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;

/**
 * Unsealing as jobs that outlive their callers: Selkie's own, beyond what the reference answers.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface UnsealApi {

  /**
   * Starts to unseal a sector, as its record describes it, or joins the job that does so already;
   * returns as soon as that is recorded.
   */
  @RpcMethod(Permission.WRITE)
  UnsealJob unsealStart(@Wire(type = "abi.SectorNumber") long sector, UnsealOptions options)
      throws RpcFault, InterruptedException;

  /** A job of this id; ended ones are remembered for a week. */
  @RpcMethod(Permission.READ)
  UnsealJob unsealStatus(long id) throws RpcFault, InterruptedException;

  /**
   * Takes a job back, whoever waits for it, and returns it as it is then; one that has ended stays
   * as it is.
   */
  @RpcMethod(Permission.WRITE)
  UnsealJob unsealCancel(long id) throws RpcFault, InterruptedException;

  /** All jobs that are remembered, the oldest first. */
  @RpcMethod(Permission.READ)
  List<UnsealJob> unsealList() throws RpcFault, InterruptedException;
}
