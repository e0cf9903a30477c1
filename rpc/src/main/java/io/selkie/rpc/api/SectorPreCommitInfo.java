package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pre-commit message says of a sector.
 *
 * @param sealProof the seal proof's number
 * @param sectorNumber the sector
 * @param sealedCid CommR
 * @param sealRandEpoch the ticket's epoch
 * @param dealIds deals in it
 * @param expiration when the sector ends
 * @param unsealedCid CommD; absent for committed capacity
 */
@Wire(type = "miner.SectorPreCommitInfo")
public record SectorPreCommitInfo(
    @Wire(type = "abi.RegisteredSealProof") long sealProof,
    @Wire(type = "abi.SectorNumber") long sectorNumber,
    @Wire(name = "SealedCID") @Nullable Cid sealedCid,
    @Wire(type = "abi.ChainEpoch") long sealRandEpoch,
    @Wire(name = "DealIDs", type = "[]abi.DealID") @Nullable List<Long> dealIds,
    @Wire(type = "abi.ChainEpoch") long expiration,
    @Nullable Cid unsealedCid) {}
