package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * How a sector is to be unsealed; every member may be missing.
 *
 * @param priority the higher, the sooner; 0 is usual
 * @param offset where the range begins that must be present in the end, in unpadded bytes, a
 *     multiple of 127
 * @param size its length, a multiple of 127; 0 is all from {@code offset} on. The work is always
 *     that of the whole sector, and none if the range is there
 */
@Wire(type = "selkie.UnsealOptions")
public record UnsealOptions(
    int priority,
    @Wire(type = "storiface.UnpaddedByteIndex") long offset,
    @Wire(type = "abi.UnpaddedPieceSize") long size) {}
