package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A sector to be proven.
 *
 * @param sealProof its proof of replication
 * @param sectorNumber its number
 * @param sectorKey CommR before its upgrade, if it was upgraded
 * @param sealedCid CommR
 */
@Wire(type = "proof.ExtendedSectorInfo")
public record ExtendedSectorInfo(
    @Wire(type = "abi.RegisteredSealProof") long sealProof,
    @Wire(type = "abi.SectorNumber") long sectorNumber,
    @Nullable Cid sectorKey,
    @Wire(name = "SealedCID") @Nullable Cid sealedCid) {}
