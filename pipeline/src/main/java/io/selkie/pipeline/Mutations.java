package io.selkie.pipeline;

import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.SectorEvent.ReplicaUpdateOut;
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
import io.selkie.pipeline.SectorEvent.SectorFatalError;
import io.selkie.pipeline.SectorEvent.SectorFaultReported;
import io.selkie.pipeline.SectorEvent.SectorFaultedFinal;
import io.selkie.pipeline.SectorEvent.SectorFaulty;
import io.selkie.pipeline.SectorEvent.SectorFinalizeFailed;
import io.selkie.pipeline.SectorEvent.SectorFinalized;
import io.selkie.pipeline.SectorEvent.SectorFinalizedAvailable;
import io.selkie.pipeline.SectorEvent.SectorForceState;
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
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorEvent.SectorReceive;
import io.selkie.pipeline.SectorEvent.SectorReceived;
import io.selkie.pipeline.SectorEvent.SectorReleaseKeyFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit2Failed;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorRemoveFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoved;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdate;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdateLanded;
import io.selkie.pipeline.SectorEvent.SectorReplicaUpdateSubmitted;
import io.selkie.pipeline.SectorEvent.SectorRestart;
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
import io.selkie.pipeline.SectorEvent.SectorTerminate;
import io.selkie.pipeline.SectorEvent.SectorTerminateFailed;
import io.selkie.pipeline.SectorEvent.SectorTerminated;
import io.selkie.pipeline.SectorEvent.SectorTerminating;
import io.selkie.pipeline.SectorEvent.SectorTicket;
import io.selkie.pipeline.SectorEvent.SectorTicketExpired;
import io.selkie.pipeline.SectorEvent.SectorUpdateActive;
import io.selkie.pipeline.SectorEvent.SectorUpdateDealIDs;
import io.selkie.pipeline.SectorEvent.SectorUpdateReplicaFailed;
import io.selkie.pipeline.SectorRecord.Commit;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.Failures;
import io.selkie.pipeline.SectorRecord.PreCommit;
import io.selkie.pipeline.SectorRecord.Termination;
import io.selkie.pipeline.SectorRecord.Upgrade;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What each event changes in the record, the state aside. What is not named stays: a sector that is
 * sealed again keeps its old messages, proof and seed until new ones replace them.
 */
final class Mutations {

  private Mutations() {}

  static SectorRecord apply(SectorRecord record, SectorEvent event, Instant now) {
    Failures failures = record.failures();
    return switch (event) {
      case SectorStart e -> record.withSealProof(e.sectorType());
      case SectorStartCC e -> record.withSealProof(e.sectorType());
      case SectorReceive e -> e.received();
      case SectorRebuilt e -> e.rebuilt();
      case SectorAddPiece _ ->
          record.createdAtS() == 0 ? record.withCreatedAt(now.getEpochSecond()) : record;
      case SectorPieceAdded e -> withMorePieces(record, e.newPieces().orElse(List.of()));
      case SectorPacked e ->
          withMorePieces(
              record,
              e.fillerPieces().orElse(List.of()).stream().map(SectorPiece::filler).toList());
      case SectorTicket e -> record.withTicket(new Drawn(e.ticketValue(), e.ticketEpoch()));
      case SectorPreCommit1 e -> afterPreCommit1(record, e.preCommit1Out());
      case SectorPreCommit2 e -> withCommitments(record, e.sealed(), e.unsealed());
      case SectorPreCommitBatchSent e ->
          withPreCommitMessage(record, e.message(), record.preCommit().deposit());
      case SectorPreCommitted e -> withPreCommitMessage(record, e.message(), e.preCommitDeposit());
      case SectorPreCommitLanded e -> withPreCommitTipSet(record, e.tipSet());
      case SectorSealPreCommit1Failed _ ->
          record.withFailures(failures.withCounts(failures.preCommit1() + 1, 0, 0));
      case SectorSealPreCommit2Failed _ ->
          record.withFailures(
              failures.withCounts(failures.preCommit1(), failures.preCommit2() + 1, 0));
      case SectorSeedReady e -> withSeed(record, new Drawn(e.seedValue(), e.seedEpoch()));
      case SectorCommitted e -> withProof(record, e.proof());
      case SectorProofReady e -> withProof(record, e.proof());
      case SectorCommitSubmitted e -> withCommitMessage(record, e.message());
      case SectorCommitAggregateSent e -> withCommitMessage(record, e.message());
      case SectorRetryComputeProof _ -> withOneMoreInvalidProof(record);
      case SectorRetryInvalidProof _ -> withOneMoreInvalidProof(record);
      case SectorInvalidDealIDs e -> record.withReturnState(e.returnState());
      case SectorUpdateDealIDs e -> withDealIds(record, e.updates());
      case SectorStartCCUpdate _ -> upgradeStarted(record);
      case SectorReplicaUpdate e -> withNewReplica(record, e.out());
      case SectorProveReplicaUpdate e -> withUpdateProof(record, e.proof());
      case SectorReplicaUpdateSubmitted e -> withUpdateMessage(record, e.message());
      case SectorRevertUpgradeToProving _ -> upgradeReverted(record);
      case SectorFaultReported e -> withReport(record, e.reportMessage());
      case SectorTerminating e ->
          record.withTermination(new Termination(e.message(), record.termination().terminatedAt()));
      case SectorTerminated e ->
          record.withTermination(new Termination(record.termination().message(), e.terminatedAt()));
      case SectorRestart _,
          SectorFatalError _,
          SectorForceState _,
          SectorTerminate _,
          SectorRemove _,
          SectorAddPieceFailed _,
          SectorRetryWaitDeals _,
          SectorStartPacking _,
          SectorOldTicket _,
          SectorPreCommitBatch _,
          SectorChainPreCommitFailed _,
          SectorRemoteCommit1Failed _,
          SectorRemoteCommit2Failed _,
          SectorComputeProofFailed _,
          SectorCommitFailed _,
          SectorRetrySubmitCommit _,
          SectorDealsExpired _,
          SectorTicketExpired _,
          SectorSubmitCommitAggregate _,
          SectorProving _,
          SectorFinalized _,
          SectorFinalizedAvailable _,
          SectorRetryFinalize _,
          SectorFinalizeFailed _,
          SectorMarkForUpdate _,
          SectorReplicaUpdateLanded _,
          SectorUpdateActive _,
          SectorKeyReleased _,
          SectorRetrySealPreCommit1 _,
          SectorRetrySealPreCommit2 _,
          SectorRetryPreCommit _,
          SectorRetryWaitSeed _,
          SectorRetryPreCommitWait _,
          SectorRetryCommitWait _,
          SectorRetryReplicaUpdate _,
          SectorRetryProveReplicaUpdate _,
          SectorUpdateReplicaFailed _,
          SectorProveReplicaUpdateFailed _,
          SectorAbortUpgrade _,
          SectorRetrySubmitReplicaUpdateWait _,
          SectorRetrySubmitReplicaUpdate _,
          SectorSubmitReplicaUpdateFailed _,
          SectorDeadlineImmutable _,
          SectorDeadlineMutable _,
          SectorReleaseKeyFailed _,
          SectorFaulty _,
          SectorFaultedFinal _,
          SectorTerminateFailed _,
          SectorRemoved _,
          SectorRemoveFailed _,
          SectorReceived _ ->
          record;
    };
  }

  private static SectorRecord withMorePieces(SectorRecord record, List<SectorPiece> more) {
    List<SectorPiece> all = new ArrayList<>(record.pieces());
    all.addAll(more);
    return record.withPieces(all);
  }

  private static SectorRecord afterPreCommit1(SectorRecord record, OpaqueBytes out) {
    PreCommit old = record.preCommit();
    Failures failures = record.failures();
    return record
        .withPreCommit(
            new PreCommit(
                Optional.of(out),
                old.commD(),
                old.commR(),
                old.message(),
                old.tipSet(),
                old.deposit()))
        .withFailures(failures.withCounts(failures.preCommit1(), 0, failures.invalidProofs()));
  }

  private static SectorRecord withCommitments(SectorRecord record, Cid sealed, Cid unsealed) {
    PreCommit old = record.preCommit();
    return record.withPreCommit(
        new PreCommit(
            old.phase1Out(),
            Optional.of(unsealed),
            Optional.of(sealed),
            old.message(),
            old.tipSet(),
            old.deposit()));
  }

  private static SectorRecord withPreCommitMessage(
      SectorRecord record, Cid message, TokenAmount deposit) {
    PreCommit old = record.preCommit();
    return record.withPreCommit(
        new PreCommit(
            old.phase1Out(),
            old.commD(),
            old.commR(),
            Optional.of(message),
            old.tipSet(),
            deposit));
  }

  private static SectorRecord withPreCommitTipSet(SectorRecord record, List<Cid> tipSet) {
    PreCommit old = record.preCommit();
    return record.withPreCommit(
        new PreCommit(
            old.phase1Out(), old.commD(), old.commR(), old.message(), tipSet, old.deposit()));
  }

  private static SectorRecord withSeed(SectorRecord record, Drawn seed) {
    Commit old = record.commit();
    return record.withCommit(new Commit(Optional.of(seed), old.proof(), old.message()));
  }

  private static SectorRecord withProof(SectorRecord record, OpaqueBytes proof) {
    Commit old = record.commit();
    return record.withCommit(new Commit(old.seed(), Optional.of(proof), old.message()));
  }

  private static SectorRecord withCommitMessage(SectorRecord record, Cid message) {
    Commit old = record.commit();
    return record.withCommit(new Commit(old.seed(), old.proof(), Optional.of(message)));
  }

  private static SectorRecord withOneMoreInvalidProof(SectorRecord record) {
    Failures failures = record.failures();
    return record.withFailures(
        failures.withCounts(
            failures.preCommit1(), failures.preCommit2(), failures.invalidProofs() + 1));
  }

  private static SectorRecord withDealIds(SectorRecord record, SortedMap<Integer, DealId> ids) {
    List<SectorPiece> pieces = new ArrayList<>(record.pieces());
    ids.forEach((index, id) -> {
      if (index >= 0 && index < pieces.size()) {
        SectorPiece old = pieces.get(index);
        pieces.set(
            index, new SectorPiece(old.piece(), old.dealInfo().map(info -> info.withDealId(id))));
      }
    });
    return record.withPieces(pieces);
  }

  private static SectorRecord upgradeStarted(SectorRecord record) {
    Upgrade old = record.upgrade();
    return record
        .withUpgrade(
            new Upgrade(
                true,
                record.pieces(),
                old.newSealed(),
                old.newUnsealed(),
                old.proof(),
                old.message()))
        .withPieces(List.of())
        .withCreatedAt(0);
  }

  private static SectorRecord upgradeReverted(SectorRecord record) {
    return record
        .withPieces(record.upgrade().ccPieces())
        .withUpgrade(Upgrade.NONE)
        .withCreatedAt(0);
  }

  private static SectorRecord withNewReplica(SectorRecord record, ReplicaUpdateOut out) {
    Upgrade old = record.upgrade();
    return record.withUpgrade(
        new Upgrade(
            old.started(),
            old.ccPieces(),
            Optional.of(out.newSealed()),
            Optional.of(out.newUnsealed()),
            old.proof(),
            old.message()));
  }

  private static SectorRecord withUpdateProof(SectorRecord record, OpaqueBytes proof) {
    Upgrade old = record.upgrade();
    return record.withUpgrade(
        new Upgrade(
            old.started(),
            old.ccPieces(),
            old.newSealed(),
            old.newUnsealed(),
            Optional.of(proof),
            old.message()));
  }

  private static SectorRecord withUpdateMessage(SectorRecord record, Cid message) {
    Upgrade old = record.upgrade();
    return record.withUpgrade(
        new Upgrade(
            old.started(),
            old.ccPieces(),
            old.newSealed(),
            old.newUnsealed(),
            old.proof(),
            Optional.of(message)));
  }

  private static SectorRecord withReport(SectorRecord record, Cid message) {
    Failures old = record.failures();
    return record.withFailures(
        new Failures(
            old.preCommit1(),
            old.preCommit2(),
            old.invalidProofs(),
            old.entered(),
            Optional.of(message)));
  }
}
