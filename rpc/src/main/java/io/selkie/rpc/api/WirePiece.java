package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A piece: its padded size and its commitment as a CID.
 *
 * @param size padded bytes, unsigned
 * @param pieceCid the piece CID; absent if undefined
 */
@Wire(type = "abi.PieceInfo")
public record WirePiece(
    @Wire(type = "abi.PaddedPieceSize") long size,
    @Wire(name = "PieceCID") @Nullable Cid pieceCid) {}
