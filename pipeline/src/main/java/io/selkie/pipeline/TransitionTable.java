package io.selkie.pipeline;

import static io.selkie.pipeline.SectorState.AbortUpgrade;
import static io.selkie.pipeline.SectorState.AddPiece;
import static io.selkie.pipeline.SectorState.AddPieceFailed;
import static io.selkie.pipeline.SectorState.Available;
import static io.selkie.pipeline.SectorState.CommitAggregateWait;
import static io.selkie.pipeline.SectorState.CommitFailed;
import static io.selkie.pipeline.SectorState.CommitFinalize;
import static io.selkie.pipeline.SectorState.CommitFinalizeFailed;
import static io.selkie.pipeline.SectorState.CommitWait;
import static io.selkie.pipeline.SectorState.Committing;
import static io.selkie.pipeline.SectorState.ComputeProofFailed;
import static io.selkie.pipeline.SectorState.DealsExpired;
import static io.selkie.pipeline.SectorState.Empty;
import static io.selkie.pipeline.SectorState.FaultReported;
import static io.selkie.pipeline.SectorState.Faulty;
import static io.selkie.pipeline.SectorState.FinalizeFailed;
import static io.selkie.pipeline.SectorState.FinalizeReplicaUpdate;
import static io.selkie.pipeline.SectorState.FinalizeReplicaUpdateFailed;
import static io.selkie.pipeline.SectorState.FinalizeSector;
import static io.selkie.pipeline.SectorState.GetTicket;
import static io.selkie.pipeline.SectorState.Packing;
import static io.selkie.pipeline.SectorState.PreCommit1;
import static io.selkie.pipeline.SectorState.PreCommit2;
import static io.selkie.pipeline.SectorState.PreCommitBatchWait;
import static io.selkie.pipeline.SectorState.PreCommitFailed;
import static io.selkie.pipeline.SectorState.PreCommitWait;
import static io.selkie.pipeline.SectorState.PreCommitting;
import static io.selkie.pipeline.SectorState.ProveReplicaUpdate;
import static io.selkie.pipeline.SectorState.Proving;
import static io.selkie.pipeline.SectorState.ReceiveSector;
import static io.selkie.pipeline.SectorState.RecoverDealIDs;
import static io.selkie.pipeline.SectorState.ReleaseSectorKey;
import static io.selkie.pipeline.SectorState.ReleaseSectorKeyFailed;
import static io.selkie.pipeline.SectorState.RemoteCommitFailed;
import static io.selkie.pipeline.SectorState.RemoveFailed;
import static io.selkie.pipeline.SectorState.Removed;
import static io.selkie.pipeline.SectorState.Removing;
import static io.selkie.pipeline.SectorState.ReplicaUpdateFailed;
import static io.selkie.pipeline.SectorState.ReplicaUpdateWait;
import static io.selkie.pipeline.SectorState.SealPreCommit1Failed;
import static io.selkie.pipeline.SectorState.SealPreCommit2Failed;
import static io.selkie.pipeline.SectorState.SnapDealsAddPiece;
import static io.selkie.pipeline.SectorState.SnapDealsAddPieceFailed;
import static io.selkie.pipeline.SectorState.SnapDealsDealsExpired;
import static io.selkie.pipeline.SectorState.SnapDealsPacking;
import static io.selkie.pipeline.SectorState.SnapDealsRecoverDealIDs;
import static io.selkie.pipeline.SectorState.SnapDealsWaitDeals;
import static io.selkie.pipeline.SectorState.SubmitCommit;
import static io.selkie.pipeline.SectorState.SubmitCommitAggregate;
import static io.selkie.pipeline.SectorState.SubmitPreCommitBatch;
import static io.selkie.pipeline.SectorState.SubmitReplicaUpdate;
import static io.selkie.pipeline.SectorState.TerminateFailed;
import static io.selkie.pipeline.SectorState.TerminateFinality;
import static io.selkie.pipeline.SectorState.TerminateWait;
import static io.selkie.pipeline.SectorState.Terminating;
import static io.selkie.pipeline.SectorState.Undefined;
import static io.selkie.pipeline.SectorState.UpdateActivating;
import static io.selkie.pipeline.SectorState.UpdateReplica;
import static io.selkie.pipeline.SectorState.WaitDeals;
import static io.selkie.pipeline.SectorState.WaitMutable;
import static io.selkie.pipeline.SectorState.WaitSeed;

import io.selkie.pipeline.SectorEvent.SectorAbortUpgrade;
import io.selkie.pipeline.SectorEvent.SectorAddPiece;
import io.selkie.pipeline.SectorEvent.SectorAddPieceFailed;
import io.selkie.pipeline.SectorEvent.SectorChainPreCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorCommitAggregateSent;
import io.selkie.pipeline.SectorEvent.SectorCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorCommitSubmitted;
import io.selkie.pipeline.SectorEvent.SectorCommitted;
import io.selkie.pipeline.SectorEvent.SectorComputeProofFailed;
import io.selkie.pipeline.SectorEvent.SectorDeadlineImmutable;
import io.selkie.pipeline.SectorEvent.SectorDeadlineMutable;
import io.selkie.pipeline.SectorEvent.SectorDealsExpired;
import io.selkie.pipeline.SectorEvent.SectorFaultReported;
import io.selkie.pipeline.SectorEvent.SectorFaulty;
import io.selkie.pipeline.SectorEvent.SectorFinalizeFailed;
import io.selkie.pipeline.SectorEvent.SectorFinalized;
import io.selkie.pipeline.SectorEvent.SectorFinalizedAvailable;
import io.selkie.pipeline.SectorEvent.SectorInvalidDealIDs;
import io.selkie.pipeline.SectorEvent.SectorKeyReleased;
import io.selkie.pipeline.SectorEvent.SectorMarkForUpdate;
import io.selkie.pipeline.SectorEvent.SectorOldTicket;
import io.selkie.pipeline.SectorEvent.SectorPacked;
import io.selkie.pipeline.SectorEvent.SectorPieceAdded;
import io.selkie.pipeline.SectorEvent.SectorPreCommit1;
import io.selkie.pipeline.SectorEvent.SectorPreCommit2;
import io.selkie.pipeline.SectorEvent.SectorPreCommitBatch;
import io.selkie.pipeline.SectorEvent.SectorPreCommitBatchSent;
import io.selkie.pipeline.SectorEvent.SectorPreCommitLanded;
import io.selkie.pipeline.SectorEvent.SectorPreCommitted;
import io.selkie.pipeline.SectorEvent.SectorProofReady;
import io.selkie.pipeline.SectorEvent.SectorProveReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorProveReplicaUpdateFailed;
import io.selkie.pipeline.SectorEvent.SectorProving;
import io.selkie.pipeline.SectorEvent.SectorReceive;
import io.selkie.pipeline.SectorEvent.SectorReceived;
import io.selkie.pipeline.SectorEvent.SectorReleaseKeyFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit2Failed;
import io.selkie.pipeline.SectorEvent.SectorRemoveFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoved;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdateLanded;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdateSubmitted;
import io.selkie.pipeline.SectorEvent.SectorRetryCommitWait;
import io.selkie.pipeline.SectorEvent.SectorRetryComputeProof;
import io.selkie.pipeline.SectorEvent.SectorRetryFinalize;
import io.selkie.pipeline.SectorEvent.SectorRetryInvalidProof;
import io.selkie.pipeline.SectorEvent.SectorRetryPreCommit;
import io.selkie.pipeline.SectorEvent.SectorRetryPreCommitWait;
import io.selkie.pipeline.SectorEvent.SectorRetryProveReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorRetryReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorRetrySealPreCommit1;
import io.selkie.pipeline.SectorEvent.SectorRetrySealPreCommit2;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitCommit;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitReplicaUpdateWait;
import io.selkie.pipeline.SectorEvent.SectorRetryWaitDeals;
import io.selkie.pipeline.SectorEvent.SectorRetryWaitSeed;
import io.selkie.pipeline.SectorEvent.SectorRevertUpgradeToProving;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit2Failed;
import io.selkie.pipeline.SectorEvent.SectorSeedReady;
import io.selkie.pipeline.SectorEvent.SectorStart;
import io.selkie.pipeline.SectorEvent.SectorStartCC;
import io.selkie.pipeline.SectorEvent.SectorStartCCUpdate;
import io.selkie.pipeline.SectorEvent.SectorStartPacking;
import io.selkie.pipeline.SectorEvent.SectorSubmitCommitAggregate;
import io.selkie.pipeline.SectorEvent.SectorSubmitReplicaUpdateFailed;
import io.selkie.pipeline.SectorEvent.SectorTerminateFailed;
import io.selkie.pipeline.SectorEvent.SectorTerminated;
import io.selkie.pipeline.SectorEvent.SectorTerminating;
import io.selkie.pipeline.SectorEvent.SectorTicket;
import io.selkie.pipeline.SectorEvent.SectorTicketExpired;
import io.selkie.pipeline.SectorEvent.SectorUpdateActive;
import io.selkie.pipeline.SectorEvent.SectorUpdateDealIDs;
import io.selkie.pipeline.SectorEvent.SectorUpdateReplicaFailed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The transition table: which event leads from which state where, as data. The runtime, the drawing
 * in docs/state-machine.md and the tests all read these rows.
 *
 * <p>Source: lotus 1.36, storage/pipeline/fsm.go. Events that every state accepts are not listed
 * here; they are {@link SectorEvent.Global}.
 */
public final class TransitionTable {

  /** What a row does besides applying its event to the record. */
  public enum Mode {
    /** Goes to the row's state. */
    GO,
    /** Stays, and does not disturb the handler. */
    NOTE,
    /** Goes to the state that the record remembers. */
    GO_BACK,
    /** Goes to the row's state and leaves the record as it is: its counters do not move. */
    GO_UNCHANGED,
    /** Starts over if the seed differs from the recorded one, and ignores the event if not. */
    GO_IF_SEED_CHANGED
  }

  /**
   * One transition.
   *
   * @param from the state
   * @param event the event's type
   * @param to the state it leads to; empty for {@link Mode#GO_BACK}
   * @param mode what it does
   */
  public record Row(
      SectorState from, Class<? extends SectorEvent> event, Optional<SectorState> to, Mode mode) {}

  private record Arrow(Class<? extends SectorEvent> event, Optional<SectorState> to, Mode mode) {}

  private static final List<Row> ROWS = build();

  private static final Map<SectorState, Map<Class<? extends SectorEvent>, Row>> BY_STATE =
      index(ROWS);

  private TransitionTable() {}

  /** All rows, in the order in which they are written down. */
  public static List<Row> rows() {
    return ROWS;
  }

  /** The row for this state and type of event, if there is one. */
  public static Optional<Row> find(SectorState from, Class<? extends SectorEvent> event) {
    return Optional.ofNullable(BY_STATE.getOrDefault(from, Map.of()).get(event));
  }

  private static List<Row> build() {
    List<Row> rows = new ArrayList<>();
    inputRows(rows);
    preCommitRows(rows);
    commitRows(rows);
    restingRows(rows);
    upgradeRows(rows);
    terminationRows(rows);
    return List.copyOf(rows);
  }

  private static void inputRows(List<Row> rows) {
    from(rows, ReceiveSector, goBack(SectorReceived.class));
    from(
        rows,
        Undefined,
        go(SectorStart.class, WaitDeals),
        go(SectorStartCC.class, Packing),
        go(SectorReceive.class, ReceiveSector));
    from(rows, Empty, go(SectorAddPiece.class, AddPiece), go(SectorStartPacking.class, Packing));
    from(
        rows, WaitDeals, go(SectorAddPiece.class, AddPiece), go(SectorStartPacking.class, Packing));
    from(
        rows,
        AddPiece,
        go(SectorPieceAdded.class, WaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class),
        go(SectorAddPieceFailed.class, AddPieceFailed));
    from(rows, Packing, go(SectorPacked.class, GetTicket));
    from(
        rows,
        AddPieceFailed,
        go(SectorRetryWaitDeals.class, WaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class));
  }

  private static void preCommitRows(List<Row> rows) {
    from(
        rows,
        GetTicket,
        go(SectorTicket.class, PreCommit1),
        go(SectorCommitFailed.class, CommitFailed));
    from(
        rows,
        PreCommit1,
        go(SectorPreCommit1.class, PreCommit2),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs),
        go(SectorOldTicket.class, GetTicket));
    from(
        rows,
        PreCommit2,
        go(SectorPreCommit2.class, SubmitPreCommitBatch),
        go(SectorSealPreCommit2Failed.class, SealPreCommit2Failed),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed));
    from(
        rows,
        PreCommitting,
        go(SectorPreCommitBatch.class, SubmitPreCommitBatch),
        go(SectorPreCommitted.class, PreCommitWait),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs));
    from(
        rows,
        SubmitPreCommitBatch,
        go(SectorPreCommitBatchSent.class, PreCommitBatchWait),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs));
    from(
        rows,
        PreCommitBatchWait,
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorRetryPreCommit.class, PreCommitting));
    from(
        rows,
        PreCommitWait,
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorRetryPreCommit.class, PreCommitting));
    from(rows, SealPreCommit1Failed, go(SectorRetrySealPreCommit1.class, PreCommit1));
    from(
        rows,
        SealPreCommit2Failed,
        go(SectorRetrySealPreCommit1.class, PreCommit1),
        go(SectorRetrySealPreCommit2.class, PreCommit2));
    from(
        rows,
        PreCommitFailed,
        go(SectorRetryPreCommit.class, PreCommitting),
        go(SectorRetryPreCommitWait.class, PreCommitWait),
        go(SectorRetryWaitSeed.class, WaitSeed),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs));
  }

  private static void commitRows(List<Row> rows) {
    from(
        rows,
        WaitSeed,
        go(SectorSeedReady.class, Committing),
        go(SectorChainPreCommitFailed.class, PreCommitFailed));
    from(
        rows,
        Committing,
        go(SectorCommitted.class, SubmitCommitAggregate),
        go(SectorProofReady.class, CommitFinalize),
        goIfSeedChanged(SectorSeedReady.class, Committing),
        goUnchanged(SectorComputeProofFailed.class, ComputeProofFailed),
        goUnchanged(SectorRemoteCommit1Failed.class, RemoteCommitFailed),
        goUnchanged(SectorRemoteCommit2Failed.class, RemoteCommitFailed),
        goUnchanged(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        goUnchanged(SectorCommitFailed.class, CommitFailed),
        goUnchanged(SectorRetryCommitWait.class, CommitWait));
    from(
        rows,
        CommitFinalize,
        go(SectorFinalized.class, SubmitCommitAggregate),
        go(SectorFinalizedAvailable.class, SubmitCommitAggregate),
        go(SectorFinalizeFailed.class, CommitFinalizeFailed));
    from(
        rows,
        SubmitCommit,
        go(SectorCommitSubmitted.class, CommitWait),
        go(SectorSubmitCommitAggregate.class, SubmitCommitAggregate),
        go(SectorCommitFailed.class, CommitFailed));
    from(
        rows,
        SubmitCommitAggregate,
        go(SectorCommitAggregateSent.class, CommitAggregateWait),
        go(SectorCommitFailed.class, CommitFailed),
        go(SectorRetrySubmitCommit.class, SubmitCommit));
    from(
        rows,
        CommitWait,
        go(SectorProving.class, FinalizeSector),
        go(SectorCommitFailed.class, CommitFailed),
        go(SectorRetrySubmitCommit.class, SubmitCommit));
    from(
        rows,
        CommitAggregateWait,
        go(SectorProving.class, FinalizeSector),
        go(SectorCommitFailed.class, CommitFailed),
        go(SectorRetrySubmitCommit.class, SubmitCommit));
    from(
        rows,
        FinalizeSector,
        go(SectorFinalized.class, Proving),
        go(SectorFinalizedAvailable.class, Available),
        go(SectorFinalizeFailed.class, FinalizeFailed));
    from(
        rows,
        ComputeProofFailed,
        go(SectorRetryComputeProof.class, Committing),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed));
    from(rows, RemoteCommitFailed, go(SectorRetryComputeProof.class, Committing));
    from(rows, CommitFinalizeFailed, go(SectorRetryFinalize.class, CommitFinalize));
    from(
        rows,
        CommitFailed,
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorRetryWaitSeed.class, WaitSeed),
        go(SectorRetryComputeProof.class, Committing),
        go(SectorRetryInvalidProof.class, Committing),
        go(SectorRetryPreCommitWait.class, PreCommitWait),
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorRetryPreCommit.class, PreCommitting),
        go(SectorRetryCommitWait.class, CommitWait),
        go(SectorRetrySubmitCommit.class, SubmitCommit),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs),
        go(SectorTicketExpired.class, Removing));
    from(rows, FinalizeFailed, go(SectorRetryFinalize.class, FinalizeSector));
  }

  private static void restingRows(List<Row> rows) {
    from(rows, RecoverDealIDs, goBack(SectorUpdateDealIDs.class));
    from(
        rows,
        Proving,
        go(SectorFaultReported.class, FaultReported),
        go(SectorFaulty.class, Faulty),
        go(SectorMarkForUpdate.class, Available));
    from(
        rows,
        Available,
        go(SectorStartCCUpdate.class, SnapDealsWaitDeals),
        go(SectorAbortUpgrade.class, Proving));
    from(rows, Faulty, go(SectorFaultReported.class, FaultReported));
  }

  private static void upgradeRows(List<Row> rows) {
    from(
        rows,
        SnapDealsWaitDeals,
        go(SectorAddPiece.class, SnapDealsAddPiece),
        go(SectorStartPacking.class, SnapDealsPacking),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(
        rows,
        SnapDealsAddPiece,
        go(SectorPieceAdded.class, SnapDealsWaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class),
        go(SectorAddPieceFailed.class, SnapDealsAddPieceFailed),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(
        rows,
        SnapDealsPacking,
        go(SectorPacked.class, UpdateReplica),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(
        rows,
        UpdateReplica,
        go(SectorReplicaUpdate.class, ProveReplicaUpdate),
        go(SectorUpdateReplicaFailed.class, ReplicaUpdateFailed),
        go(SectorDealsExpired.class, SnapDealsDealsExpired),
        go(SectorInvalidDealIDs.class, SnapDealsRecoverDealIDs),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(
        rows,
        ProveReplicaUpdate,
        go(SectorProveReplicaUpdate.class, FinalizeReplicaUpdate),
        go(SectorProveReplicaUpdateFailed.class, ReplicaUpdateFailed),
        go(SectorDealsExpired.class, SnapDealsDealsExpired),
        go(SectorInvalidDealIDs.class, SnapDealsRecoverDealIDs),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(
        rows,
        FinalizeReplicaUpdate,
        go(SectorFinalized.class, SubmitReplicaUpdate),
        go(SectorFinalizeFailed.class, FinalizeReplicaUpdateFailed));
    from(
        rows,
        SubmitReplicaUpdate,
        go(SectorReplicaUpdateSubmitted.class, ReplicaUpdateWait),
        go(SectorSubmitReplicaUpdateFailed.class, ReplicaUpdateFailed),
        go(SectorDeadlineImmutable.class, WaitMutable));
    from(
        rows,
        WaitMutable,
        go(SectorDeadlineMutable.class, SubmitReplicaUpdate),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(
        rows,
        ReplicaUpdateWait,
        go(SectorReplicaUpdateLanded.class, UpdateActivating),
        go(SectorSubmitReplicaUpdateFailed.class, ReplicaUpdateFailed),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(rows, UpdateActivating, go(SectorUpdateActive.class, ReleaseSectorKey));
    from(
        rows,
        ReleaseSectorKey,
        go(SectorKeyReleased.class, Proving),
        go(SectorReleaseKeyFailed.class, ReleaseSectorKeyFailed));
    from(
        rows,
        SnapDealsAddPieceFailed,
        go(SectorRetryWaitDeals.class, SnapDealsWaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(rows, SnapDealsDealsExpired, go(SectorAbortUpgrade.class, AbortUpgrade));
    from(
        rows,
        SnapDealsRecoverDealIDs,
        go(SectorUpdateDealIDs.class, SubmitReplicaUpdate),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(rows, AbortUpgrade, go(SectorRevertUpgradeToProving.class, Proving));
    from(
        rows,
        ReplicaUpdateFailed,
        go(SectorRetrySubmitReplicaUpdateWait.class, ReplicaUpdateWait),
        go(SectorRetrySubmitReplicaUpdate.class, SubmitReplicaUpdate),
        go(SectorRetryReplicaUpdate.class, UpdateReplica),
        go(SectorRetryProveReplicaUpdate.class, ProveReplicaUpdate),
        go(SectorInvalidDealIDs.class, SnapDealsRecoverDealIDs),
        go(SectorDealsExpired.class, SnapDealsDealsExpired),
        go(SectorAbortUpgrade.class, AbortUpgrade));
    from(rows, ReleaseSectorKeyFailed, go(SectorUpdateActive.class, ReleaseSectorKey));
    from(rows, FinalizeReplicaUpdateFailed, go(SectorRetryFinalize.class, FinalizeReplicaUpdate));
  }

  private static void terminationRows(List<Row> rows) {
    from(
        rows,
        Terminating,
        go(SectorTerminating.class, TerminateWait),
        go(SectorTerminateFailed.class, TerminateFailed));
    from(
        rows,
        TerminateWait,
        go(SectorTerminated.class, TerminateFinality),
        go(SectorTerminateFailed.class, TerminateFailed));
    from(rows, TerminateFinality, go(SectorTerminateFailed.class, TerminateFailed));
    from(
        rows,
        Removing,
        go(SectorRemoved.class, Removed),
        go(SectorRemoveFailed.class, RemoveFailed));
  }

  private static void from(List<Row> rows, SectorState from, Arrow... arrows) {
    Arrays.stream(arrows).map(a -> new Row(from, a.event, a.to, a.mode)).forEach(rows::add);
  }

  private static Arrow go(Class<? extends SectorEvent> event, SectorState to) {
    return new Arrow(event, Optional.of(to), Mode.GO);
  }

  private static Arrow note(Class<? extends SectorEvent> event) {
    return new Arrow(event, Optional.empty(), Mode.NOTE);
  }

  private static Arrow goBack(Class<? extends SectorEvent> event) {
    return new Arrow(event, Optional.empty(), Mode.GO_BACK);
  }

  private static Arrow goUnchanged(Class<? extends SectorEvent> event, SectorState to) {
    return new Arrow(event, Optional.of(to), Mode.GO_UNCHANGED);
  }

  private static Arrow goIfSeedChanged(Class<? extends SectorEvent> event, SectorState to) {
    return new Arrow(event, Optional.of(to), Mode.GO_IF_SEED_CHANGED);
  }

  private static Map<SectorState, Map<Class<? extends SectorEvent>, Row>> index(List<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                Row::from,
                () -> new EnumMap<>(SectorState.class),
                Collectors.toUnmodifiableMap(Row::event, Function.identity())));
  }
}
