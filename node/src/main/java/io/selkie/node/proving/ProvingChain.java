package io.selkie.node.proving;

import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.ProvenSector;
import io.selkie.pipeline.ChainFault;
import java.util.List;

/** What proofs over time ask of the chain, beyond what the pipeline does. Thread-safe. */
public interface ProvingChain {

  /** Where the miner stands in its proving period. */
  PeriodOnChain period() throws ChainFault;

  /**
   * The sectors that were ever assigned to a deadline, by partition and number.
   *
   * @param deadline below the period's count of them
   */
  List<ProvenSector> sectorsOf(int deadline) throws ChainFault;
}
