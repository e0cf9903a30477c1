package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * Files of one sector declared in a storage path.
 *
 * @param miner the miner
 * @param number the sector's number
 * @param sectorFileType bits: unsealed 1, sealed 2, cache 4, update 8, update-cache 16, piece 32
 */
@Wire(type = "storiface.Decl")
public record StorageDecl(
    @Wire(type = "abi.ActorID") long miner,
    @Wire(type = "abi.SectorNumber") long number,
    @Wire(type = "storiface.SectorFileType") int sectorFileType) {}
