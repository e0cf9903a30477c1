package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * Some of the sectors that a query finds, by number.
 *
 * @param sectors in this page
 * @param cursor to be given for the next page; empty if this is the last
 * @param height the chain's height that answered; 0 if the chain was not asked
 */
@Wire(type = "selkie.SectorPage")
public record SectorPage(
    @Wire(type = "[]selkie.SectorRow") List<SectorRow> sectors,
    String cursor,
    @Wire(type = "abi.ChainEpoch") long height) {}
