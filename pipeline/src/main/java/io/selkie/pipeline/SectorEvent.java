package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What can happen to a sector. Records are named as in the wire log ({@code
 * event;sealing.SectorStart}), their components as in its messages.
 *
 * <p>Source: lotus 1.36, storage/pipeline/fsm_events.go.
 */
public sealed interface SectorEvent {

  /** The name on the wire, such as {@code SectorStart}. */
  default String wireName() {
    return getClass().getSimpleName();
  }

  /** Accepted in every state but {@code Removed}. */
  sealed interface Global extends SectorEvent {}

  /** Selkie's own: the reference has no such event. */
  sealed interface Own extends SectorEvent {}

  /** Carries a reason, which the wire log shows as the entry's trace and nowhere else. */
  sealed interface Failure extends SectorEvent {
    /** What went wrong, for the operator. */
    String error();
  }

  /** What encoding new data into a replica yields. */
  record ReplicaUpdateOut(Cid newSealed, Cid newUnsealed) {}

  /** The process started again: the state's handler runs once more. Never logged. */
  record SectorRestart() implements Global {}

  /** Something that ends nothing: the handler runs once more. */
  record SectorFatalError(@Wire(Wire.HIDDEN) String error) implements Global, Failure {}

  /** An operator says what the state is. */
  record SectorForceState(String state) implements Global {}

  /** End the sector on chain before its time. */
  record SectorTerminate() implements Global {}

  /**
   * Delete the sector's files.
   *
   * @param secondKey its number, if it is to be deleted even while the chain believes it alive
   */
  record SectorRemove(@Wire(Wire.HIDDEN) Optional<SectorNumber> secondKey) implements Global {
    SectorRemove() {
      this(Optional.empty());
    }
  }

  /**
   * Recovery made the record anew. The sector goes to the state of the new record, out of every
   * state there is.
   */
  record SectorRebuilt(String why, @Wire(Wire.HIDDEN) SectorRecord rebuilt)
      implements Global, Own {}

  record SectorStart(@Wire("ID") SectorNumber id, RegisteredSealProof sectorType)
      implements SectorEvent {}

  record SectorStartCC(@Wire("ID") SectorNumber id, RegisteredSealProof sectorType)
      implements SectorEvent {}

  record SectorAddPiece() implements SectorEvent {}

  record SectorPieceAdded(Optional<List<SectorPiece>> newPieces) implements SectorEvent {}

  record SectorAddPieceFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorRetryWaitDeals() implements SectorEvent {}

  record SectorStartPacking() implements SectorEvent {}

  record SectorPacked(Optional<List<PieceInfo>> fillerPieces) implements SectorEvent {}

  record SectorTicket(Randomness ticketValue, ChainEpoch ticketEpoch) implements SectorEvent {}

  record SectorOldTicket() implements SectorEvent {}

  record SectorPreCommit1(OpaqueBytes preCommit1Out) implements SectorEvent {}

  record SectorPreCommit2(Cid sealed, Cid unsealed) implements SectorEvent {}

  record SectorPreCommitBatch() implements SectorEvent {}

  record SectorPreCommitBatchSent(Cid message) implements SectorEvent {}

  record SectorPreCommitLanded(List<Cid> tipSet) implements SectorEvent {}

  record SectorSealPreCommit1Failed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorSealPreCommit2Failed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorChainPreCommitFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorPreCommitted(Cid message, TokenAmount preCommitDeposit) implements SectorEvent {}

  record SectorSeedReady(Randomness seedValue, ChainEpoch seedEpoch) implements SectorEvent {}

  record SectorRemoteCommit1Failed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorRemoteCommit2Failed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorComputeProofFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorCommitFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorRetrySubmitCommit() implements SectorEvent {}

  record SectorDealsExpired(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorTicketExpired(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorCommitted(OpaqueBytes proof) implements SectorEvent {}

  record SectorProofReady(OpaqueBytes proof) implements SectorEvent {}

  record SectorSubmitCommitAggregate() implements SectorEvent {}

  record SectorCommitSubmitted(Cid message) implements SectorEvent {}

  record SectorCommitAggregateSent(Cid message) implements SectorEvent {}

  record SectorProving() implements SectorEvent {}

  record SectorFinalized() implements SectorEvent {}

  record SectorFinalizedAvailable() implements SectorEvent {}

  record SectorRetryFinalize() implements SectorEvent {}

  record SectorFinalizeFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorMarkForUpdate() implements SectorEvent {}

  record SectorStartCCUpdate() implements SectorEvent {}

  record SectorReplicaUpdate(ReplicaUpdateOut out) implements SectorEvent {}

  record SectorProveReplicaUpdate(OpaqueBytes proof) implements SectorEvent {}

  record SectorReplicaUpdateSubmitted(Cid message) implements SectorEvent {}

  record SectorReplicaUpdateLanded() implements SectorEvent {}

  record SectorUpdateActive() implements SectorEvent {}

  record SectorKeyReleased() implements SectorEvent {}

  record SectorRetrySealPreCommit1() implements SectorEvent {}

  record SectorRetrySealPreCommit2() implements SectorEvent {}

  record SectorRetryPreCommit() implements SectorEvent {}

  record SectorRetryWaitSeed() implements SectorEvent {}

  record SectorRetryPreCommitWait() implements SectorEvent {}

  record SectorRetryComputeProof() implements SectorEvent {}

  record SectorRetryInvalidProof() implements SectorEvent {}

  record SectorRetryCommitWait() implements SectorEvent {}

  record SectorInvalidDealIDs(@Wire("Return") String returnState) implements SectorEvent {}

  record SectorUpdateDealIDs(SortedMap<Integer, DealId> updates) implements SectorEvent {}

  record SectorRetryReplicaUpdate() implements SectorEvent {}

  record SectorRetryProveReplicaUpdate() implements SectorEvent {}

  record SectorUpdateReplicaFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorProveReplicaUpdateFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorAbortUpgrade(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorRevertUpgradeToProving() implements SectorEvent {}

  record SectorRetrySubmitReplicaUpdateWait() implements SectorEvent {}

  record SectorRetrySubmitReplicaUpdate() implements SectorEvent {}

  record SectorSubmitReplicaUpdateFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorDeadlineImmutable() implements SectorEvent {}

  record SectorDeadlineMutable() implements SectorEvent {}

  record SectorReleaseKeyFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorFaulty() implements SectorEvent {}

  record SectorFaultReported(@Wire(Wire.HIDDEN) Cid reportMessage) implements SectorEvent {}

  record SectorFaultedFinal() implements SectorEvent {}

  record SectorTerminating(Optional<Cid> message) implements SectorEvent {}

  record SectorTerminated(ChainEpoch terminatedAt) implements SectorEvent {}

  record SectorTerminateFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  record SectorRemoved() implements SectorEvent {}

  record SectorRemoveFailed(@Wire(Wire.HIDDEN) String error) implements Failure {}

  /**
   * A sector that was sealed elsewhere.
   *
   * @param state where it goes on
   * @param received the whole of it
   */
  record SectorReceive(String state, @Wire(Wire.HIDDEN) SectorRecord received)
      implements SectorEvent {}

  record SectorReceived() implements SectorEvent {}
}
