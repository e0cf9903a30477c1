package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sector sealed elsewhere, to be taken over.
 *
 * @param state where the pipeline goes on
 * @param sector the sector
 * @param type the seal proof's number
 * @param pieces in sector order
 * @param ticketValue 32 bytes
 * @param ticketEpoch the ticket's epoch
 * @param preCommit1Out the output of phase 1
 * @param commD the data commitment
 * @param commR the replica commitment
 * @param preCommitInfo what was pre-committed
 * @param preCommitDeposit attoFIL
 * @param preCommitMessage the pre-commit message; not taken over
 * @param preCommitTipSet where it landed
 * @param seedValue 32 bytes
 * @param seedEpoch the seed's epoch
 * @param commitProof the PoRep proof
 * @param commitMessage the prove-commit message
 * @param log not taken over
 * @param dataUnsealed the unsealed file
 * @param dataSealed the sealed file
 * @param dataCache the cache directory
 * @param remoteCommit1Endpoint asked for the first phase of the commit
 * @param remoteCommit2Endpoint asked for the second phase of the commit
 * @param remoteSealingDoneEndpoint told when sealing is done
 */
@Wire(type = "api.RemoteSectorMeta")
public record RemoteSectorMeta(
    @Wire(type = "api.SectorState") String state,
    WireSectorId sector,
    @Wire(type = "abi.RegisteredSealProof") long type,
    @Wire(type = "[]api.SectorPiece") @Nullable List<SectorPiece> pieces,
    @Wire(type = "abi.SealRandomness") byte @Nullable [] ticketValue,
    @Wire(type = "abi.ChainEpoch") long ticketEpoch,
    @Wire(type = "storiface.PreCommit1Out") byte @Nullable [] preCommit1Out,
    @Nullable Cid commD,
    @Nullable Cid commR,
    @Nullable SectorPreCommitInfo preCommitInfo,
    @Wire(type = "*big.Int") @Nullable TokenAmount preCommitDeposit,
    @Nullable Cid preCommitMessage,
    @Wire(type = "types.TipSetKey") @Nullable List<Cid> preCommitTipSet,
    @Wire(type = "abi.InteractiveSealRandomness") byte @Nullable [] seedValue,
    @Wire(type = "abi.ChainEpoch") long seedEpoch,
    byte @Nullable [] commitProof,
    @Nullable Cid commitMessage,
    @Wire(type = "[]api.SectorLog") @Nullable List<SectorLog> log,
    @Nullable SectorLocation dataUnsealed,
    @Nullable SectorLocation dataSealed,
    @Nullable SectorLocation dataCache,
    String remoteCommit1Endpoint,
    String remoteCommit2Endpoint,
    String remoteSealingDoneEndpoint) {}
