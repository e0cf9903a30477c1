package io.selkie.pipeline;

import static io.selkie.pipeline.SectorState.AbortUpgrade;
import static io.selkie.pipeline.SectorState.Available;
import static io.selkie.pipeline.SectorState.FaultReported;
import static io.selkie.pipeline.SectorState.Faulty;
import static io.selkie.pipeline.SectorState.FinalizeReplicaUpdate;
import static io.selkie.pipeline.SectorState.FinalizeReplicaUpdateFailed;
import static io.selkie.pipeline.SectorState.ProveReplicaUpdate;
import static io.selkie.pipeline.SectorState.Proving;
import static io.selkie.pipeline.SectorState.RecoverDealIDs;
import static io.selkie.pipeline.SectorState.ReleaseSectorKey;
import static io.selkie.pipeline.SectorState.ReleaseSectorKeyFailed;
import static io.selkie.pipeline.SectorState.RemoveFailed;
import static io.selkie.pipeline.SectorState.Removed;
import static io.selkie.pipeline.SectorState.Removing;
import static io.selkie.pipeline.SectorState.ReplicaUpdateFailed;
import static io.selkie.pipeline.SectorState.ReplicaUpdateWait;
import static io.selkie.pipeline.SectorState.SnapDealsAddPiece;
import static io.selkie.pipeline.SectorState.SnapDealsAddPieceFailed;
import static io.selkie.pipeline.SectorState.SnapDealsDealsExpired;
import static io.selkie.pipeline.SectorState.SnapDealsPacking;
import static io.selkie.pipeline.SectorState.SnapDealsRecoverDealIDs;
import static io.selkie.pipeline.SectorState.SnapDealsWaitDeals;
import static io.selkie.pipeline.SectorState.SubmitReplicaUpdate;
import static io.selkie.pipeline.SectorState.TerminateFailed;
import static io.selkie.pipeline.SectorState.TerminateFinality;
import static io.selkie.pipeline.SectorState.TerminateWait;
import static io.selkie.pipeline.SectorState.Terminating;
import static io.selkie.pipeline.SectorState.UpdateActivating;
import static io.selkie.pipeline.SectorState.UpdateReplica;
import static io.selkie.pipeline.SectorState.WaitMutable;
import static io.selkie.pipeline.TransitionTable.go;
import static io.selkie.pipeline.TransitionTable.goBack;
import static io.selkie.pipeline.TransitionTable.note;
import static io.selkie.pipeline.TransitionTable.rowsOf;

import io.selkie.pipeline.SectorEvent.SectorAbortUpgrade;
import io.selkie.pipeline.SectorEvent.SectorAddPiece;
import io.selkie.pipeline.SectorEvent.SectorAddPieceFailed;
import io.selkie.pipeline.SectorEvent.SectorDeadlineImmutable;
import io.selkie.pipeline.SectorEvent.SectorDeadlineMutable;
import io.selkie.pipeline.SectorEvent.SectorDealsExpired;
import io.selkie.pipeline.SectorEvent.SectorFaultReported;
import io.selkie.pipeline.SectorEvent.SectorFaulty;
import io.selkie.pipeline.SectorEvent.SectorFinalizeFailed;
import io.selkie.pipeline.SectorEvent.SectorFinalized;
import io.selkie.pipeline.SectorEvent.SectorInvalidDealIDs;
import io.selkie.pipeline.SectorEvent.SectorKeyReleased;
import io.selkie.pipeline.SectorEvent.SectorMarkForUpdate;
import io.selkie.pipeline.SectorEvent.SectorPacked;
import io.selkie.pipeline.SectorEvent.SectorPieceAdded;
import io.selkie.pipeline.SectorEvent.SectorProveReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorProveReplicaUpdateFailed;
import io.selkie.pipeline.SectorEvent.SectorReleaseKeyFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoveFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoved;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdateLanded;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdateSubmitted;
import io.selkie.pipeline.SectorEvent.SectorRetryFinalize;
import io.selkie.pipeline.SectorEvent.SectorRetryProveReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorRetryReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitReplicaUpdateWait;
import io.selkie.pipeline.SectorEvent.SectorRetryWaitDeals;
import io.selkie.pipeline.SectorEvent.SectorRevertUpgradeToProving;
import io.selkie.pipeline.SectorEvent.SectorStartCCUpdate;
import io.selkie.pipeline.SectorEvent.SectorStartPacking;
import io.selkie.pipeline.SectorEvent.SectorSubmitReplicaUpdateFailed;
import io.selkie.pipeline.SectorEvent.SectorTerminateFailed;
import io.selkie.pipeline.SectorEvent.SectorTerminated;
import io.selkie.pipeline.SectorEvent.SectorTerminating;
import io.selkie.pipeline.SectorEvent.SectorUpdateActive;
import io.selkie.pipeline.SectorEvent.SectorUpdateDealIDs;
import io.selkie.pipeline.SectorEvent.SectorUpdateReplicaFailed;
import io.selkie.pipeline.TransitionTable.Row;
import java.util.List;

/** Rows of proven sectors: faults, upgrades, termination, removal. */
final class RestingTransitions {

  private RestingTransitions() {}

  static void addTo(List<Row> rows) {
    resting(rows);
    upgrade(rows);
    termination(rows);
  }

  private static void resting(List<Row> rows) {
    rowsOf(rows, RecoverDealIDs, goBack(SectorUpdateDealIDs.class));
    rowsOf(
        rows,
        Proving,
        go(SectorFaultReported.class, FaultReported),
        go(SectorFaulty.class, Faulty),
        go(SectorMarkForUpdate.class, Available));
    rowsOf(
        rows,
        Available,
        go(SectorStartCCUpdate.class, SnapDealsWaitDeals),
        go(SectorAbortUpgrade.class, Proving));
    rowsOf(rows, Faulty, go(SectorFaultReported.class, FaultReported));
  }

  private static void upgrade(List<Row> rows) {
    rowsOf(
        rows,
        SnapDealsWaitDeals,
        go(SectorAddPiece.class, SnapDealsAddPiece),
        go(SectorStartPacking.class, SnapDealsPacking),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(
        rows,
        SnapDealsAddPiece,
        go(SectorPieceAdded.class, SnapDealsWaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class),
        go(SectorAddPieceFailed.class, SnapDealsAddPieceFailed),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(
        rows,
        SnapDealsPacking,
        go(SectorPacked.class, UpdateReplica),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(
        rows,
        UpdateReplica,
        go(SectorReplicaUpdate.class, ProveReplicaUpdate),
        go(SectorUpdateReplicaFailed.class, ReplicaUpdateFailed),
        go(SectorDealsExpired.class, SnapDealsDealsExpired),
        go(SectorInvalidDealIDs.class, SnapDealsRecoverDealIDs),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(
        rows,
        ProveReplicaUpdate,
        go(SectorProveReplicaUpdate.class, FinalizeReplicaUpdate),
        go(SectorProveReplicaUpdateFailed.class, ReplicaUpdateFailed),
        go(SectorDealsExpired.class, SnapDealsDealsExpired),
        go(SectorInvalidDealIDs.class, SnapDealsRecoverDealIDs),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(
        rows,
        FinalizeReplicaUpdate,
        go(SectorFinalized.class, SubmitReplicaUpdate),
        go(SectorFinalizeFailed.class, FinalizeReplicaUpdateFailed));
    rowsOf(
        rows,
        SubmitReplicaUpdate,
        go(SectorReplicaUpdateSubmitted.class, ReplicaUpdateWait),
        go(SectorSubmitReplicaUpdateFailed.class, ReplicaUpdateFailed),
        go(SectorDeadlineImmutable.class, WaitMutable));
    rowsOf(
        rows,
        WaitMutable,
        go(SectorDeadlineMutable.class, SubmitReplicaUpdate),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(
        rows,
        ReplicaUpdateWait,
        go(SectorReplicaUpdateLanded.class, UpdateActivating),
        go(SectorSubmitReplicaUpdateFailed.class, ReplicaUpdateFailed),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(rows, UpdateActivating, go(SectorUpdateActive.class, ReleaseSectorKey));
    rowsOf(
        rows,
        ReleaseSectorKey,
        go(SectorKeyReleased.class, Proving),
        go(SectorReleaseKeyFailed.class, ReleaseSectorKeyFailed));
    rowsOf(
        rows,
        SnapDealsAddPieceFailed,
        go(SectorRetryWaitDeals.class, SnapDealsWaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(rows, SnapDealsDealsExpired, go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(
        rows,
        SnapDealsRecoverDealIDs,
        go(SectorUpdateDealIDs.class, SubmitReplicaUpdate),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(rows, AbortUpgrade, go(SectorRevertUpgradeToProving.class, Proving));
    rowsOf(
        rows,
        ReplicaUpdateFailed,
        go(SectorRetrySubmitReplicaUpdateWait.class, ReplicaUpdateWait),
        go(SectorRetrySubmitReplicaUpdate.class, SubmitReplicaUpdate),
        go(SectorRetryReplicaUpdate.class, UpdateReplica),
        go(SectorRetryProveReplicaUpdate.class, ProveReplicaUpdate),
        go(SectorInvalidDealIDs.class, SnapDealsRecoverDealIDs),
        go(SectorDealsExpired.class, SnapDealsDealsExpired),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    rowsOf(rows, ReleaseSectorKeyFailed, go(SectorUpdateActive.class, ReleaseSectorKey));
    rowsOf(rows, FinalizeReplicaUpdateFailed, go(SectorRetryFinalize.class, FinalizeReplicaUpdate));
  }

  private static void termination(List<Row> rows) {
    rowsOf(
        rows,
        Terminating,
        go(SectorTerminating.class, TerminateWait),
        go(SectorTerminateFailed.class, TerminateFailed));
    rowsOf(
        rows,
        TerminateWait,
        go(SectorTerminated.class, TerminateFinality),
        go(SectorTerminateFailed.class, TerminateFailed));
    rowsOf(rows, TerminateFinality, go(SectorTerminateFailed.class, TerminateFailed));
    rowsOf(
        rows,
        Removing,
        go(SectorRemoved.class, Removed),
        go(SectorRemoveFailed.class, RemoveFailed));
  }
}
