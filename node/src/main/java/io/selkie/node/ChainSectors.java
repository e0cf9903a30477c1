package io.selkie.node;

import io.selkie.pipeline.ChainFault;

/** Asks the chain for all of the miner's sectors at once. */
@FunctionalInterface
interface ChainSectors {

  /** As of the current head. */
  ChainSnapshot now() throws ChainFault;

  /** As of the current head, those with these numbers; others may be missing. */
  default ChainSnapshot ofNumbers(long[] numbers) throws ChainFault {
    return now();
  }
}
