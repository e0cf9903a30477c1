package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A sector on the wire, with all 64 bits of both numbers.
 *
 * @param miner the miner's actor id, unsigned
 * @param number the number within that miner, unsigned
 */
@Wire(type = "abi.SectorID")
public record WireSectorId(
    @Wire(type = "abi.ActorID") long miner, @Wire(type = "abi.SectorNumber") long number) {}
