package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.SectorEvent.SectorRevertUpgradeToProving;
import io.selkie.pipeline.WorkPool.Task;
import java.util.Optional;

/** Takes an upgrade back. Making one is not written yet. */
final class UpgradeStates {

  private UpgradeStates() {}

  /**
   * Puts the upgrade's files aside and goes back to the sector as it was. The chain decides first:
   * once it has taken the upgrade, the new replica is the only one that can be proven.
   */
  static Outcome abortUpgrade(SectorRecord sector, SealingServices services)
      throws ChainFault, SealFault, InterruptedException {
    ChainEpoch head = services.chain().head().height();
    if (ChainLooks.isPending(sector.upgrade().message(), head, services)) {
      return ChainLooks.untilNextHead(
          services, head, "waits to see whether its upgrade's message still lands");
    }
    Optional<SectorOnChain> found =
        services.chain().sectorInfo(services.miner(), sector.sector().number());
    if (found.isEmpty()) {
      return Outcome.park("it is not on chain, so there is no sector to go back to; remove it");
    }
    Cid proven = found.get().sealedCid();
    if (!sector.preCommit().commR().equals(Optional.of(proven))) {
      return Outcome.park(
          "the chain has the replica "
              + proven
              + ", not the one from before the upgrade; force UpdateActivating");
    }
    services
        .work()
        .run(
            Task.FINALIZE,
            sector,
            () -> {
              services.sealer().dropUpgrade(sector.sector());
              return true;
            });
    return Outcome.emit(new SectorRevertUpgradeToProving());
  }
}
