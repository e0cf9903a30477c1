package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a sector may lose.
 *
 * @param danger TICKET, PRE_COMMIT, DEAL_START, FAULT_CUTOFF, FAULTY_TOO_LONG or EXPIRATION
 * @param epoch by when it must have been averted
 * @param at when the chain is there, by its block delay; absent if the chain does not answer
 * @param passed whether it is too late
 * @param what what must have happened, or what happens
 */
@Wire(type = "selkie.SectorRisk")
public record SectorRisk(
    String danger,
    @Wire(type = "abi.ChainEpoch") long epoch,
    @Nullable Instant at,
    boolean passed,
    String what) {}
