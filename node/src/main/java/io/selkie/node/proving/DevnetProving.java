package io.selkie.node.proving;

import io.selkie.abi.ActorId;
import io.selkie.chain.Devnet;
import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.ProvenSector;
import io.selkie.pipeline.ChainFault;
import java.util.List;

/**
 * The devnet's deadlines.
 *
 * @param miner whose
 */
public record DevnetProving(Devnet devnet, ActorId miner) implements ProvingChain {

  @Override
  public PeriodOnChain period() throws ChainFault {
    return devnet.provingPeriod(miner);
  }

  @Override
  public List<ProvenSector> sectorsOf(int deadline) throws ChainFault {
    return devnet.sectorsOfDeadline(miner, deadline);
  }
}
