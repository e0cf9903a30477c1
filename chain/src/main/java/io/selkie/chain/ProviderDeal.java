package io.selkie.chain;

import io.selkie.abi.Cid;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainNode.DealOnChain;
import java.util.Optional;

/**
 * A deal with a miner, whatever became of it.
 *
 * @param deal the deal
 * @param publishMessage the message that published it
 * @param sector the sector that activated it
 */
public record ProviderDeal(DealOnChain deal, Cid publishMessage, Optional<SectorNumber> sector) {}
