package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sector and the nodes of it that are to be proven.
 *
 * @param sealProof its proof of replication
 * @param sectorNumber its number
 * @param sealedCid CommR
 * @param challenge the nodes, in the order of the proof
 * @param update whether it was upgraded
 */
@Wire(type = "storiface.PostSectorChallenge")
public record PostSectorChallenge(
    @Wire(type = "abi.RegisteredSealProof") long sealProof,
    @Wire(type = "abi.SectorNumber") long sectorNumber,
    @Wire(name = "SealedCID") @Nullable Cid sealedCid,
    @Wire(type = "[]uint64") List<Long> challenge,
    boolean update) {}
