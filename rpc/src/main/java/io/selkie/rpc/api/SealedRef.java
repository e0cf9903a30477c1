package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * Where a deal's data lies.
 *
 * @param sectorId the sector
 * @param offset padded bytes from the start of the sector
 * @param size unpadded bytes
 */
@Wire(type = "api.SealedRef")
public record SealedRef(
    @Wire(name = "SectorID", type = "abi.SectorNumber") long sectorId,
    @Wire(type = "abi.PaddedPieceSize") long offset,
    @Wire(type = "abi.UnpaddedPieceSize") long size) {}
