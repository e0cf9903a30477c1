package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An explanation of a sector.
 *
 * @param sectorId its number
 * @param state its state
 * @param meaning what a sector does in such a state
 * @param since when it came there
 * @param came how it came there; absent if its log does not say
 * @param now what it does at the moment, or why it does nothing
 * @param wakes what wakes it; absent if no timer is set
 * @param tried what went wrong and what was tried again, the latest last
 * @param next where its state's events lead
 * @param always where those events lead that every state accepts
 * @param risks what it may lose, the earliest first
 * @param chainHeight the chain's height; 0 if it does not answer
 * @param chainTrouble why the chain did not answer: then the risks are those that the record tells
 */
@Wire(type = "selkie.SectorExplanation")
public record SectorExplanation(
    @Wire(name = "SectorID", type = "abi.SectorNumber") long sectorId,
    @Wire(type = "api.SectorState") String state,
    String meaning,
    Instant since,
    @Nullable SectorCame came,
    String now,
    @Nullable SectorWake wakes,
    @Wire(type = "[]selkie.SectorTried") List<SectorTried> tried,
    @Wire(type = "[]selkie.NextState") List<NextState> next,
    @Wire(type = "[]selkie.NextState") List<NextState> always,
    @Wire(type = "[]selkie.SectorRisk") List<SectorRisk> risks,
    @Wire(type = "abi.ChainEpoch") long chainHeight,
    String chainTrouble) {}
