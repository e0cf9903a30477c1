package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;

/**
 * A proven sector as the chain holds it.
 *
 * @param sectorNumber its number
 * @param sealProof the seal proof's number
 * @param sealedCid its CommR
 * @param activation when it was proven
 * @param expiration when it ends
 * @param maxExpiration how far it can ever be extended
 * @param maxExtendNow how far it can be extended today
 * @param dealWeight space times epochs of ordinary deals
 * @param verifiedDealWeight space times epochs of verified deals
 * @param initialPledge attoFIL
 * @param deadline where it is proven
 * @param partition where it is proven
 */
@Wire(type = "selkie.ChainSector")
public record ChainSector(
    @Wire(type = "abi.SectorNumber") long sectorNumber,
    @Wire(type = "abi.RegisteredSealProof") long sealProof,
    @Wire(name = "SealedCID") Cid sealedCid,
    @Wire(type = "abi.ChainEpoch") long activation,
    @Wire(type = "abi.ChainEpoch") long expiration,
    @Wire(type = "abi.ChainEpoch") long maxExpiration,
    @Wire(type = "abi.ChainEpoch") long maxExtendNow,
    @Wire(type = "big.Int") TokenAmount dealWeight,
    @Wire(type = "big.Int") TokenAmount verifiedDealWeight,
    @Wire(type = "big.Int") TokenAmount initialPledge,
    @Wire(type = "uint64") long deadline,
    @Wire(type = "uint64") long partition) {}
