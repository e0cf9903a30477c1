package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import java.util.Optional;

/**
 * Whether the chain believes that a sector exists. What it believes in is deleted only with a
 * second key: losing the files of such a sector costs its pledge or its deposit.
 */
final class Liveness {

  private Liveness() {}

  /**
   * Why the sector counts as alive; empty if it does not.
   *
   * @throws ChainFault if the chain does not say; then nobody knows, and nothing may be deleted
   */
  static Optional<String> of(SectorRecord sector, ChainNode chain) throws ChainFault {
    Optional<SectorOnChain> proven =
        chain.sectorInfo(sector.sector().miner(), sector.sector().number());
    if (proven.isPresent()) {
      ChainEpoch end = end(sector, chain, proven.get());
      return chain.head().height().isAfter(end)
          ? Optional.empty()
          : Optional.of("it is proven on chain, up to epoch " + end);
    }
    Optional<PreCommitOnChain> promised =
        chain.preCommitInfo(sector.sector().miner(), sector.sector().number());
    if (promised.isPresent()) {
      return Optional.of(
          "its pre-commit of epoch " + promised.get().preCommitEpoch() + " is on chain");
    }
    Optional<Cid> message = sector.preCommit().message();
    if (message.isPresent()
        && chain.searchMessage(message.get()).isEmpty()
        && !chain.isSectorAllocated(sector.sector().miner(), sector.sector().number())) {
      return Optional.of("its pre-commit message " + message.get() + " may still land");
    }
    return Optional.empty();
  }

  /** The end of its last deadline, which comes after the expiration that was promised. */
  private static ChainEpoch end(SectorRecord sector, ChainNode chain, SectorOnChain proven)
      throws ChainFault {
    return chain
        .sectorExpiration(sector.sector().miner(), sector.sector().number())
        .map(SectorExpiration::onTime)
        .orElse(proven.expiration());
  }
}
