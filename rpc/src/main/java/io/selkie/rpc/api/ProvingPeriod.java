package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Duration;
import java.time.Instant;

/**
 * Where a miner stands in its proving period; see builtin-actors, miner deadline_info.
 *
 * @param currentEpoch the chain's height
 * @param currentTime when the chain's head was made
 * @param epochDuration the time between two epochs
 * @param periodStart when the period began; below zero on a young chain
 * @param periodEpochs its length
 * @param deadlines how many deadlines it has
 * @param index the deadline that is open
 * @param open when it opened
 * @param close when it closes
 * @param challenge the epoch its challenges are drawn from
 * @param faultCutoff until when faults in it could be declared
 */
@Wire(type = "selkie.ProvingPeriod")
public record ProvingPeriod(
    @Wire(type = "abi.ChainEpoch") long currentEpoch,
    Instant currentTime,
    Duration epochDuration,
    @Wire(type = "abi.ChainEpoch") long periodStart,
    @Wire(type = "abi.ChainEpoch") long periodEpochs,
    @Wire(type = "uint64") long deadlines,
    @Wire(type = "uint64") long index,
    @Wire(type = "abi.ChainEpoch") long open,
    @Wire(type = "abi.ChainEpoch") long close,
    @Wire(type = "abi.ChainEpoch") long challenge,
    @Wire(type = "abi.ChainEpoch") long faultCutoff) {}
