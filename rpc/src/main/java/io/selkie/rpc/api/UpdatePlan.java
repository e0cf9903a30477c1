package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * What forcing a state would meet.
 *
 * @param sectorId the sector's number
 * @param from its state now
 * @param to the state that would be forced
 * @param taken whether it would be taken as it is
 * @param takenByForce whether it would be taken with force
 * @param objections why not
 * @param files the files that the state needs
 * @param chain why the chain believes the sector alive; empty if it does not
 * @param meaning what the state is for; empty if there is none of that name
 * @param next where the sector could go from there
 */
@Wire(type = "selkie.UpdatePlan")
public record UpdatePlan(
    @Wire(name = "SectorID", type = "abi.SectorNumber") long sectorId,
    @Wire(type = "api.SectorState") String from,
    @Wire(type = "api.SectorState") String to,
    boolean taken,
    boolean takenByForce,
    @Wire(type = "[]string") List<String> objections,
    @Wire(type = "[]selkie.NeededFile") List<NeededFile> files,
    String chain,
    String meaning,
    @Wire(type = "[]selkie.NextState") List<NextState> next) {}
