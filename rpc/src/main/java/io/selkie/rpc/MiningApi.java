package io.selkie.rpc;

/** What the miner builds on. */
@RpcNamespace
public interface MiningApi {

  /** The tip set that the next block would have as parent: the chain's head. */
  @RpcMethod(Permission.READ)
  TipSet miningBase() throws RpcFault, InterruptedException;
}
