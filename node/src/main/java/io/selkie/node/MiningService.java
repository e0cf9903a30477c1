package io.selkie.node;

import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.MiningApi;
import io.selkie.rpc.api.TipSet;

/** What is mined on: the devnet's head. Thread-safe. */
final class MiningService implements MiningApi {

  private final ChainNode chain;

  MiningService(ChainNode chain) {
    this.chain = chain;
  }

  @Override
  public TipSet miningBase() throws RpcFault {
    try {
      ChainNode.TipSet head = chain.head();
      return new TipSet(head.cids(), null, head.height().value());
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }
}
