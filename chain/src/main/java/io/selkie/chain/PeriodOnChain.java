package io.selkie.chain;

import java.time.Instant;

/**
 * Where a miner stands in its proving period (builtin-actors miner/src/deadline_info.rs).
 *
 * @param height the chain's height
 * @param headTime when the head was made
 * @param start when the period began; below zero on a young chain
 * @param epochs its length
 * @param deadlines how many deadlines it has
 * @param index the deadline that is open
 * @param open when it opened
 * @param close when it closes
 * @param challenge the epoch its challenges are drawn from
 * @param faultCutoff until when faults in it could be declared
 */
public record PeriodOnChain(
    long height,
    Instant headTime,
    long start,
    long epochs,
    int deadlines,
    int index,
    long open,
    long close,
    long challenge,
    long faultCutoff) {}
