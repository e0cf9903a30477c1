package io.selkie.pipeline;

/** Which handler acts for which state. */
final class HandlerTable {

  private HandlerTable() {}

  static StateHandler of(SectorState state) {
    return switch (state) {
      case Empty, WaitDeals -> InputStates::waitDeals;
      case AddPiece -> InputStates::addPiece;
      case AddPieceFailed -> InputStates::addPieceFailed;
      case Packing -> InputStates::packing;
      case GetTicket -> PreCommitStates::getTicket;
      case PreCommit1 -> PreCommitStates::preCommit1;
      case PreCommit2 -> PreCommitStates::preCommit2;
      case PreCommitting -> PreCommitStates::preCommitting;
      case SubmitPreCommitBatch -> PreCommitStates::submitPreCommitBatch;
      case PreCommitWait, PreCommitBatchWait -> PreCommitStates::preCommitWait;
      case WaitSeed -> CommitStates::waitSeed;
      case Committing -> CommitStates::committing;
      case CommitFinalize, FinalizeSector -> CommitStates::finalizeSector;
      case SubmitCommit -> CommitStates::submitCommit;
      case SubmitCommitAggregate -> CommitStates::submitCommitAggregate;
      case CommitWait, CommitAggregateWait -> CommitStates::commitWait;
      case SealPreCommit1Failed -> FailedStates::sealPreCommit1Failed;
      case SealPreCommit2Failed -> FailedStates::sealPreCommit2Failed;
      case PreCommitFailed -> FailedStates::preCommitFailed;
      case ComputeProofFailed -> FailedStates::computeProofFailed;
      case RemoteCommitFailed -> FailedStates::remoteCommitFailed;
      case CommitFailed -> FailedStates::commitFailed;
      case FinalizeFailed, CommitFinalizeFailed -> FailedStates::finalizeFailed;
      case DealsExpired, PackingFailed -> FailedStates::dealsExpired;
      case RecoverDealIDs -> FailedStates::recoverDealIds;
      case AbortUpgrade -> UpgradeStates::abortUpgrade;
      case Removing -> RemovalStates::removing;
      case RemoveFailed -> FailedStates::removeFailed;
      case Undefined,
          Proving,
          Available,
          Removed,
          FailedUnrecoverable,
          Faulty,
          FaultReported,
          FaultedFinal ->
          (_, _) -> new Outcome.Rest();
      case SnapDealsWaitDeals,
          SnapDealsAddPiece,
          SnapDealsPacking,
          UpdateReplica,
          ProveReplicaUpdate,
          SubmitReplicaUpdate,
          WaitMutable,
          ReplicaUpdateWait,
          FinalizeReplicaUpdate,
          UpdateActivating,
          ReleaseSectorKey,
          SnapDealsAddPieceFailed,
          SnapDealsDealsExpired,
          SnapDealsRecoverDealIDs,
          ReplicaUpdateFailed,
          ReleaseSectorKeyFailed,
          FinalizeReplicaUpdateFailed ->
          notYet(
              "upgrades of sectors are not supported yet; force Proving, or the state it came from");
      case Terminating -> TerminationStates::terminating;
      case TerminateWait -> TerminationStates::terminateWait;
      case TerminateFinality -> TerminationStates::terminateFinality;
      case TerminateFailed -> TerminationStates::terminateFailed;
      case ReceiveSector -> ReceiveStates::receiveSector;
    };
  }

  private static StateHandler notYet(String why) {
    return (_, _) -> Outcome.park(why);
  }
}
