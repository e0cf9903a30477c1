package io.selkie.node.sectors;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.rpc.RpcFault;
import java.util.Optional;

/**
 * Which sectors may be offered for an upgrade, with the reference's texts (lotus storage/pipeline,
 * MarkForUpgrade).
 */
final class UpgradeRules {

  /** 180 days: the shortest deal. */
  private static final long MIN_DEAL_EPOCHS = 518_400;

  private UpgradeRules() {}

  static void check(ChainNode chain, ActorId miner, SectorNumber number) throws RpcFault {
    long head;
    Optional<SectorOnChain> found;
    try {
      head = chain.head().height().value();
    } catch (ChainFault fault) {
      throw new RpcFault("couldn't get chain head: " + fault.getMessage());
    }
    try {
      found = chain.sectorInfo(miner, number);
    } catch (ChainFault fault) {
      throw new RpcFault("failed to read sector on chain info: " + fault.getMessage());
    }
    SectorOnChain onChain = found.orElseThrow(() -> new RpcFault("sector not found " + number));
    long expiration = onChain.expiration().value();
    if (expiration - head < MIN_DEAL_EPOCHS) {
      throw new RpcFault(
          "pointless to upgrade sector "
              + number
              + ", expiration "
              + expiration
              + " is less than a min deal duration away from current epoch."
              + "Upgrade expiration before marking for upgrade");
    }
  }
}
