package io.selkie.rpc.api;

import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query tells of a sector; members that were not asked for, or are empty, are left out.
 *
 * @param sectorId its number, always there
 * @param state its state
 * @param enteredAt since when it is there
 * @param lastError why it stands still
 * @param sealProof the seal proof's number
 * @param pieceCount its pieces, fillers included
 * @param deals the market's deals in it
 * @param pieceCids its pieces
 * @param paths the storage paths that hold files of it
 * @param activation when it was proven on chain
 * @param expiration when it ends on chain
 * @param initialPledge attoFIL
 */
@Wire(type = "selkie.SectorRow")
public record SectorRow(
    @Wire(name = "SectorID", type = "abi.SectorNumber") long sectorId,
    @Wire(type = "api.SectorState", omitEmpty = true) @Nullable String state,
    @Wire(omitEmpty = true) @Nullable Instant enteredAt,
    @Wire(omitEmpty = true) @Nullable String lastError,
    @Wire(type = "abi.RegisteredSealProof", omitEmpty = true) @Nullable Long sealProof,
    @Wire(omitEmpty = true) @Nullable Long pieceCount,
    @Wire(type = "[]abi.DealID", omitEmpty = true) @Nullable List<Long> deals,
    @Wire(name = "PieceCIDs", type = "[]string", omitEmpty = true) @Nullable List<String> pieceCids,
    @Wire(type = "[]storiface.ID", omitEmpty = true) @Nullable List<String> paths,
    @Wire(type = "abi.ChainEpoch", omitEmpty = true) @Nullable Long activation,
    @Wire(type = "abi.ChainEpoch", omitEmpty = true) @Nullable Long expiration,
    @Wire(omitEmpty = true) @Nullable TokenAmount initialPledge) {}
