package io.selkie.chain;

import io.selkie.abi.Cid;
import io.selkie.abi.DealId;

/**
 * A deal that is on chain.
 *
 * @param id its number
 * @param publishMessage the message that published it
 */
public record PublishedDeal(DealId id, Cid publishMessage) {}
