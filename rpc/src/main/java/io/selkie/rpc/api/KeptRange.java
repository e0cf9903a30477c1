package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A range of client bytes that stays readable.
 *
 * @param offset unpadded bytes
 * @param size unpadded bytes
 */
@Wire(type = "storiface.Range")
public record KeptRange(
    @Wire(type = "abi.UnpaddedPieceSize") long offset,
    @Wire(type = "abi.UnpaddedPieceSize") long size) {}
