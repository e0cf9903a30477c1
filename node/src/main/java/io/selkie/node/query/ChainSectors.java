package io.selkie.node.query;

import io.selkie.pipeline.ChainFault;

/** Asks the chain for many of the miner's sectors at once. */
public interface ChainSectors {

  /** The terms of all of them, as of the current head. */
  ChainTerms now() throws ChainFault;

  /** What the chain holds of these, as of the current head; others may be among it. */
  ChainSnapshot ofNumbers(long[] numbers) throws ChainFault;
}
