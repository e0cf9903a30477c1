package io.selkie.rpc.api;

import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * What ends within one day or week, as things are, and beside it under the suppositions.
 *
 * @param from its first epoch
 * @param to the epoch after its last
 * @param begins when its first epoch is due
 * @param sectors how many end
 * @param pledge attoFIL that are released
 * @param bytes space that is freed
 * @param supposedSectors how many end under the suppositions; without any the same number
 * @param supposedPledge attoFIL that are released then
 * @param supposedBytes space that is freed then
 */
@Wire(type = "selkie.ForecastBucket")
public record ForecastBucket(
    @Wire(type = "abi.ChainEpoch") long from,
    @Wire(type = "abi.ChainEpoch") long to,
    Instant begins,
    long sectors,
    TokenAmount pledge,
    @Wire(type = "uint64") long bytes,
    long supposedSectors,
    TokenAmount supposedPledge,
    @Wire(type = "uint64") long supposedBytes) {}
