package io.selkie.pipeline;

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
import static io.selkie.pipeline.SectorState.FinalizeFailed;
import static io.selkie.pipeline.SectorState.FinalizeSector;
import static io.selkie.pipeline.SectorState.GetTicket;
import static io.selkie.pipeline.SectorState.Packing;
import static io.selkie.pipeline.SectorState.PreCommit1;
import static io.selkie.pipeline.SectorState.PreCommit2;
import static io.selkie.pipeline.SectorState.PreCommitBatchWait;
import static io.selkie.pipeline.SectorState.PreCommitFailed;
import static io.selkie.pipeline.SectorState.PreCommitWait;
import static io.selkie.pipeline.SectorState.PreCommitting;
import static io.selkie.pipeline.SectorState.Proving;
import static io.selkie.pipeline.SectorState.ReceiveSector;
import static io.selkie.pipeline.SectorState.RecoverDealIDs;
import static io.selkie.pipeline.SectorState.RemoteCommitFailed;
import static io.selkie.pipeline.SectorState.Removing;
import static io.selkie.pipeline.SectorState.SealPreCommit1Failed;
import static io.selkie.pipeline.SectorState.SealPreCommit2Failed;
import static io.selkie.pipeline.SectorState.SubmitCommit;
import static io.selkie.pipeline.SectorState.SubmitCommitAggregate;
import static io.selkie.pipeline.SectorState.SubmitPreCommitBatch;
import static io.selkie.pipeline.SectorState.Undefined;
import static io.selkie.pipeline.SectorState.WaitDeals;
import static io.selkie.pipeline.SectorState.WaitSeed;
import static io.selkie.pipeline.TransitionTable.go;
import static io.selkie.pipeline.TransitionTable.goBack;
import static io.selkie.pipeline.TransitionTable.goIfSeedChanged;
import static io.selkie.pipeline.TransitionTable.goUnchanged;
import static io.selkie.pipeline.TransitionTable.note;
import static io.selkie.pipeline.TransitionTable.rowsOf;

import io.selkie.pipeline.SectorEvent.SectorAddPiece;
import io.selkie.pipeline.SectorEvent.SectorAddPieceFailed;
import io.selkie.pipeline.SectorEvent.SectorChainPreCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorCommitAggregateSent;
import io.selkie.pipeline.SectorEvent.SectorCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorCommitSubmitted;
import io.selkie.pipeline.SectorEvent.SectorCommitted;
import io.selkie.pipeline.SectorEvent.SectorComputeProofFailed;
import io.selkie.pipeline.SectorEvent.SectorDealsExpired;
import io.selkie.pipeline.SectorEvent.SectorFinalizeFailed;
import io.selkie.pipeline.SectorEvent.SectorFinalized;
import io.selkie.pipeline.SectorEvent.SectorFinalizedAvailable;
import io.selkie.pipeline.SectorEvent.SectorInvalidDealIDs;
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
import io.selkie.pipeline.SectorEvent.SectorProving;
import io.selkie.pipeline.SectorEvent.SectorReceive;
import io.selkie.pipeline.SectorEvent.SectorReceived;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit2Failed;
import io.selkie.pipeline.SectorEvent.SectorRetryCommitWait;
import io.selkie.pipeline.SectorEvent.SectorRetryComputeProof;
import io.selkie.pipeline.SectorEvent.SectorRetryFinalize;
import io.selkie.pipeline.SectorEvent.SectorRetryInvalidProof;
import io.selkie.pipeline.SectorEvent.SectorRetryPreCommit;
import io.selkie.pipeline.SectorEvent.SectorRetryPreCommitWait;
import io.selkie.pipeline.SectorEvent.SectorRetrySealPreCommit1;
import io.selkie.pipeline.SectorEvent.SectorRetrySealPreCommit2;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitCommit;
import io.selkie.pipeline.SectorEvent.SectorRetryWaitDeals;
import io.selkie.pipeline.SectorEvent.SectorRetryWaitSeed;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit2Failed;
import io.selkie.pipeline.SectorEvent.SectorSeedReady;
import io.selkie.pipeline.SectorEvent.SectorStart;
import io.selkie.pipeline.SectorEvent.SectorStartCC;
import io.selkie.pipeline.SectorEvent.SectorStartPacking;
import io.selkie.pipeline.SectorEvent.SectorSubmitCommitAggregate;
import io.selkie.pipeline.SectorEvent.SectorTicket;
import io.selkie.pipeline.SectorEvent.SectorTicketExpired;
import io.selkie.pipeline.TransitionTable.Row;
import java.util.List;

/** Rows of the states from an empty sector to a proven one, and of their failures. */
final class SealingTransitions {

  private SealingTransitions() {}

  static void addTo(List<Row> rows) {
    input(rows);
    preCommit(rows);
    commit(rows);
  }

  private static void input(List<Row> rows) {
    rowsOf(rows, ReceiveSector, goBack(SectorReceived.class));
    rowsOf(
        rows,
        Undefined,
        go(SectorStart.class, WaitDeals),
        go(SectorStartCC.class, Packing),
        go(SectorReceive.class, ReceiveSector));
    rowsOf(rows, Empty, go(SectorAddPiece.class, AddPiece), go(SectorStartPacking.class, Packing));
    rowsOf(
        rows, WaitDeals, go(SectorAddPiece.class, AddPiece), go(SectorStartPacking.class, Packing));
    rowsOf(
        rows,
        AddPiece,
        go(SectorPieceAdded.class, WaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class),
        go(SectorAddPieceFailed.class, AddPieceFailed));
    rowsOf(rows, Packing, go(SectorPacked.class, GetTicket));
    rowsOf(
        rows,
        AddPieceFailed,
        go(SectorRetryWaitDeals.class, WaitDeals),
        note(SectorStartPacking.class),
        note(SectorAddPiece.class));
  }

  private static void preCommit(List<Row> rows) {
    rowsOf(
        rows,
        GetTicket,
        go(SectorTicket.class, PreCommit1),
        go(SectorCommitFailed.class, CommitFailed));
    rowsOf(
        rows,
        PreCommit1,
        go(SectorPreCommit1.class, PreCommit2),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs),
        go(SectorOldTicket.class, GetTicket));
    rowsOf(
        rows,
        PreCommit2,
        go(SectorPreCommit2.class, SubmitPreCommitBatch),
        go(SectorSealPreCommit2Failed.class, SealPreCommit2Failed),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed));
    rowsOf(
        rows,
        PreCommitting,
        go(SectorPreCommitBatch.class, SubmitPreCommitBatch),
        go(SectorPreCommitted.class, PreCommitWait),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs));
    rowsOf(
        rows,
        SubmitPreCommitBatch,
        go(SectorPreCommitBatchSent.class, PreCommitBatchWait),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed),
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorDealsExpired.class, DealsExpired),
        go(SectorInvalidDealIDs.class, RecoverDealIDs));
    rowsOf(
        rows,
        PreCommitBatchWait,
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorRetryPreCommit.class, PreCommitting));
    rowsOf(
        rows,
        PreCommitWait,
        go(SectorChainPreCommitFailed.class, PreCommitFailed),
        go(SectorPreCommitLanded.class, WaitSeed),
        go(SectorRetryPreCommit.class, PreCommitting));
    rowsOf(rows, SealPreCommit1Failed, go(SectorRetrySealPreCommit1.class, PreCommit1));
    rowsOf(
        rows,
        SealPreCommit2Failed,
        go(SectorRetrySealPreCommit1.class, PreCommit1),
        go(SectorRetrySealPreCommit2.class, PreCommit2));
    rowsOf(
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

  private static void commit(List<Row> rows) {
    rowsOf(
        rows,
        WaitSeed,
        go(SectorSeedReady.class, Committing),
        go(SectorChainPreCommitFailed.class, PreCommitFailed));
    rowsOf(
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
    rowsOf(
        rows,
        CommitFinalize,
        go(SectorFinalized.class, SubmitCommitAggregate),
        go(SectorFinalizedAvailable.class, SubmitCommitAggregate),
        go(SectorFinalizeFailed.class, CommitFinalizeFailed));
    rowsOf(
        rows,
        SubmitCommit,
        go(SectorCommitSubmitted.class, CommitWait),
        go(SectorSubmitCommitAggregate.class, SubmitCommitAggregate),
        go(SectorCommitFailed.class, CommitFailed));
    rowsOf(
        rows,
        SubmitCommitAggregate,
        go(SectorCommitAggregateSent.class, CommitAggregateWait),
        go(SectorCommitFailed.class, CommitFailed),
        go(SectorRetrySubmitCommit.class, SubmitCommit));
    rowsOf(
        rows,
        CommitWait,
        go(SectorProving.class, FinalizeSector),
        go(SectorCommitFailed.class, CommitFailed),
        go(SectorRetrySubmitCommit.class, SubmitCommit));
    rowsOf(
        rows,
        CommitAggregateWait,
        go(SectorProving.class, FinalizeSector),
        go(SectorCommitFailed.class, CommitFailed),
        go(SectorRetrySubmitCommit.class, SubmitCommit));
    rowsOf(
        rows,
        FinalizeSector,
        go(SectorFinalized.class, Proving),
        go(SectorFinalizedAvailable.class, Available),
        go(SectorFinalizeFailed.class, FinalizeFailed));
    rowsOf(
        rows,
        ComputeProofFailed,
        go(SectorRetryComputeProof.class, Committing),
        go(SectorSealPreCommit1Failed.class, SealPreCommit1Failed));
    rowsOf(rows, RemoteCommitFailed, go(SectorRetryComputeProof.class, Committing));
    rowsOf(rows, CommitFinalizeFailed, go(SectorRetryFinalize.class, CommitFinalize));
    rowsOf(
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
    rowsOf(rows, FinalizeFailed, go(SectorRetryFinalize.class, FinalizeSector));
  }
}
