package io.selkie.rpc;

import io.selkie.abi.TokenAmount;
import java.time.Instant;

/**
 * What ends within one day or week.
 *
 * @param from its first epoch
 * @param to the epoch after its last
 * @param begins when its first epoch is due
 * @param sectors how many end
 * @param pledge attoFIL that are released
 * @param bytes space that is freed
 */
@Wire(type = "selkie.ForecastBucket")
public record ForecastBucket(
    @Wire(type = "abi.ChainEpoch") long from,
    @Wire(type = "abi.ChainEpoch") long to,
    Instant begins,
    long sectors,
    TokenAmount pledge,
    @Wire(type = "uint64") long bytes) {}
