package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * The place a piece was given.
 *
 * @param sector the sector
 * @param offset padded bytes from the start of the sector
 */
@Wire(type = "api.SectorOffset")
public record SectorOffset(
    @Wire(type = "abi.SectorNumber") long sector,
    @Wire(type = "abi.PaddedPieceSize") long offset) {}
