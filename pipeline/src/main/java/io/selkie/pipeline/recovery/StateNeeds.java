package io.selkie.pipeline.recovery;

import io.selkie.pipeline.SectorState;
import java.util.EnumSet;
import java.util.Set;

/** What a state takes for granted, on chain and on disk. */
public final class StateNeeds {

  /** What a sector in a state is on chain. */
  enum OnChain {
    /** Nothing yet. */
    NOTHING,
    /** Nothing yet, or pre-committed: its handler looks. */
    PERHAPS_PRE_COMMITTED,
    /** Pre-committed. */
    PRE_COMMITTED,
    /** Pre-committed, or proven already: its handler looks. */
    PERHAPS_PROVEN,
    /** Proven. */
    PROVEN,
    /** No more. */
    ENDED
  }

  private static final Set<SectorState> PROVES =
      EnumSet.of(
          SectorState.PreCommitting,
          SectorState.SubmitPreCommitBatch,
          SectorState.PreCommitBatchWait,
          SectorState.PreCommitWait,
          SectorState.PreCommitFailed,
          SectorState.WaitSeed,
          SectorState.Committing,
          SectorState.ComputeProofFailed,
          SectorState.RemoteCommitFailed);

  private StateNeeds() {}

  static OnChain onChain(SectorState state) {
    return switch (state) {
      case Undefined,
          Empty,
          WaitDeals,
          AddPiece,
          AddPieceFailed,
          Packing,
          PackingFailed,
          GetTicket,
          PreCommit1,
          PreCommit2,
          SealPreCommit1Failed,
          SealPreCommit2Failed,
          ReceiveSector,
          FailedUnrecoverable ->
          OnChain.NOTHING;
      case PreCommitting,
          SubmitPreCommitBatch,
          PreCommitBatchWait,
          PreCommitWait,
          PreCommitFailed,
          DealsExpired,
          RecoverDealIDs ->
          OnChain.PERHAPS_PRE_COMMITTED;
      case WaitSeed -> OnChain.PRE_COMMITTED;
      case Committing,
          CommitFinalize,
          CommitFinalizeFailed,
          SubmitCommit,
          CommitWait,
          SubmitCommitAggregate,
          CommitAggregateWait,
          ComputeProofFailed,
          RemoteCommitFailed,
          CommitFailed ->
          OnChain.PERHAPS_PROVEN;
      case FinalizeSector,
          FinalizeFailed,
          Proving,
          Available,
          SnapDealsWaitDeals,
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
          AbortUpgrade,
          ReplicaUpdateFailed,
          ReleaseSectorKeyFailed,
          FinalizeReplicaUpdateFailed,
          Faulty,
          FaultReported,
          Terminating,
          TerminateWait,
          TerminateFailed ->
          OnChain.PROVEN;
      case TerminateFinality, FaultedFinal, Removing, RemoveFailed, Removed -> OnChain.ENDED;
    };
  }

  /** Whether a proven sector in this state has only proving to do, or finalising. */
  static boolean isSettled(SectorState state) {
    return state == SectorState.FinalizeSector
        || state == SectorState.FinalizeFailed
        || state == SectorState.Proving
        || state == SectorState.Available;
  }

  /** The kinds of files without which a sector in this state cannot go on, or be proven. */
  public static Set<FileKind> files(SectorState state, int pieces) {
    return switch (onChain(state)) {
      case NOTHING ->
          switch (state) {
            case PreCommit2, SealPreCommit2Failed -> EnumSet.of(FileKind.SEALED, FileKind.CACHE);
            case GetTicket, PreCommit1, SealPreCommit1Failed -> EnumSet.of(FileKind.UNSEALED);
            case FailedUnrecoverable, ReceiveSector -> EnumSet.noneOf(FileKind.class);
            default -> pieces > 0 ? EnumSet.of(FileKind.UNSEALED) : EnumSet.noneOf(FileKind.class);
          };
      case PERHAPS_PRE_COMMITTED ->
          PROVES.contains(state)
              ? EnumSet.of(FileKind.SEALED, FileKind.CACHE)
              : EnumSet.noneOf(FileKind.class);
      case PRE_COMMITTED, PERHAPS_PROVEN, PROVEN -> EnumSet.of(FileKind.SEALED, FileKind.CACHE);
      case ENDED -> EnumSet.noneOf(FileKind.class);
    };
  }

  /** Whether the proof of replication is still to be computed, which needs the whole cache. */
  static boolean proves(SectorState state) {
    return PROVES.contains(state);
  }

  /** Whether the files are complete, so that their sizes say something. */
  static boolean filesAreWritten(SectorState state) {
    OnChain onChain = onChain(state);
    return onChain != OnChain.NOTHING && onChain != OnChain.ENDED;
  }
}
