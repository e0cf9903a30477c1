package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A piece as it lies in a sector; without deal information it is filler.
 *
 * @param piece size and commitment
 * @param dealInfo why it is there; absent for filler and for information that is not valid
 */
@Wire(type = "api.SectorPiece")
public record SectorPiece(WirePiece piece, @Nullable PieceDealInfo dealInfo) {}
