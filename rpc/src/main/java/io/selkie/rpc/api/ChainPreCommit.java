package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;

/**
 * A pre-commit as the chain holds it.
 *
 * @param sectorNumber the sector
 * @param sealProof the seal proof's number
 * @param sealedCid its CommR
 * @param preCommitEpoch when it landed
 * @param proveBefore the last epoch its proof is taken in
 * @param expiration when the sector is to end
 * @param deposit attoFIL, lost if it is not proven in time
 */
@Wire(type = "selkie.ChainPreCommit")
public record ChainPreCommit(
    @Wire(type = "abi.SectorNumber") long sectorNumber,
    @Wire(type = "abi.RegisteredSealProof") long sealProof,
    @Wire(name = "SealedCID") Cid sealedCid,
    @Wire(type = "abi.ChainEpoch") long preCommitEpoch,
    @Wire(type = "abi.ChainEpoch") long proveBefore,
    @Wire(type = "abi.ChainEpoch") long expiration,
    @Wire(type = "big.Int") TokenAmount deposit) {}
