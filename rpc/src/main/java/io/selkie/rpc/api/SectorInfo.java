package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything SectorsStatus tells about a sector; all 24 members are always present, in this order.
 *
 * @param sectorId the number that was asked for
 * @param state the state's name
 * @param commD the original data commitment; stays the original one after an upgrade
 * @param commR the original replica commitment; stays the original one after an upgrade
 * @param proof the PoRep proof; absent before Committing ends
 * @param deals one entry per piece: the deal id of a valid market deal, else 0
 * @param pieces in sector order
 * @param ticket the ticket
 * @param seed the seed
 * @param preCommitMsg the pre-commit message
 * @param commitMsg the prove-commit message
 * @param retries count of invalid proofs
 * @param toUpgrade always false
 * @param replicaUpdateMessage the replica update message; present if the sector was upgraded
 * @param lastErr the last error
 * @param log oldest first
 * @param sealProof the seal proof's number
 * @param activation on chain, else 0
 * @param expiration on chain, else 0
 * @param dealWeight on chain, else 0
 * @param verifiedDealWeight on chain, else 0
 * @param initialPledge attoFIL, on chain, else 0
 * @param onTime scheduled expiration, 0 for none
 * @param early early termination of a faulty sector, 0 for none
 */
@Wire(type = "api.SectorInfo")
public record SectorInfo(
    @Wire(name = "SectorID", type = "abi.SectorNumber") long sectorId,
    @Wire(type = "api.SectorState") String state,
    @Nullable Cid commD,
    @Nullable Cid commR,
    byte @Nullable [] proof,
    @Wire(type = "[]abi.DealID") List<Long> deals,
    @Wire(type = "[]api.SectorPiece") List<SectorPiece> pieces,
    SealTicket ticket,
    SealSeed seed,
    @Nullable Cid preCommitMsg,
    @Nullable Cid commitMsg,
    @Wire(type = "uint64") long retries,
    boolean toUpgrade,
    @Nullable Cid replicaUpdateMessage,
    String lastErr,
    @Wire(type = "[]api.SectorLog") List<SectorLog> log,
    @Wire(type = "abi.RegisteredSealProof") long sealProof,
    @Wire(type = "abi.ChainEpoch") long activation,
    @Wire(type = "abi.ChainEpoch") long expiration,
    @Wire(type = "big.Int") TokenAmount dealWeight,
    @Wire(type = "big.Int") TokenAmount verifiedDealWeight,
    @Wire(type = "big.Int") TokenAmount initialPledge,
    @Wire(type = "abi.ChainEpoch") long onTime,
    @Wire(type = "abi.ChainEpoch") long early) {}
