package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The timer that wakes a sector: then its state's handler runs again.
 *
 * @param at when, at the latest
 * @param epoch the epoch that wakes it before; 0 if none does
 * @param epochAt when the chain is there, by its block delay; absent without an epoch, or if the
 *     chain does not answer
 * @param reason what it waits for
 * @param then what follows, if that is settled already
 */
@Wire(type = "selkie.SectorWake")
public record SectorWake(
    Instant at,
    @Wire(type = "abi.ChainEpoch") long epoch,
    @Nullable Instant epochAt,
    String reason,
    @Wire(type = "[]selkie.NextState") List<NextState> then) {}
