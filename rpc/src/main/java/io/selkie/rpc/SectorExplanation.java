package io.selkie.rpc;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An explanation of a sector.
 *
 * @param sectorId its number
 * @param state its state
 * @param meaning what the state is for
 * @param since when it came there
 * @param now what it does at the moment, or why it does nothing
 * @param waitsUntil when the timer that wakes it goes off at the latest; absent if none is set
 * @param waitsForEpoch the epoch that wakes it, 0 if none does
 * @param next where it can go from here
 * @param deadlines what must happen before which epoch, the earliest first
 */
@Wire(type = "selkie.SectorExplanation")
public record SectorExplanation(
    @Wire(name = "SectorID", type = "abi.SectorNumber") long sectorId,
    @Wire(type = "api.SectorState") String state,
    String meaning,
    Instant since,
    String now,
    @Nullable Instant waitsUntil,
    @Wire(type = "abi.ChainEpoch") long waitsForEpoch,
    @Wire(type = "[]selkie.NextState") List<NextState> next,
    @Wire(type = "[]selkie.EpochDeadline") List<EpochDeadline> deadlines) {}
