package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.token.Permission;

/** What the miner builds on. */
@RpcNamespace
public interface MiningApi {

  /** The tip set that the next block would have as parent: the chain's head. */
  @RpcMethod(Permission.READ)
  TipSet miningBase() throws RpcFault, InterruptedException;
}
