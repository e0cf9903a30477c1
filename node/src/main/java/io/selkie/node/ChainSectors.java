package io.selkie.node;

import io.selkie.pipeline.ChainFault;

/** Asks the chain for all of the miner's sectors at once. */
@FunctionalInterface
interface ChainSectors {

  /** As of the current head. */
  ChainSnapshot now() throws ChainFault;
}
