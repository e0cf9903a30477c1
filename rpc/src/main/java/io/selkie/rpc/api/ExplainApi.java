package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;

/** Why a sector is where it is: Selkie's own, beyond what the reference answers. */
@RpcNamespace("Selkie")
public interface ExplainApi {

  /**
   * Why a sector is where it is, since when, what was tried, which timer wakes it, where each
   * outcome leads, and what is at risk until when; made of its log, of the chain and of the table
   * that the state machine runs on.
   */
  @RpcMethod(Permission.READ)
  SectorExplanation sectorExplain(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;
}
