package io.selkie.cli;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** The names of the states a sector can be in, as on the wire, in the order they are shown. */
final class StateNames {

  /**
   * Resting states, then the way of a sector, then its end, then what went wrong. The empty name is
   * that of a sector not yet started.
   */
  static final List<String> IN_DISPLAY_ORDER =
      List.of(
          "Proving",
          "Available",
          "UpdateActivating",
          "ReceiveSector",
          "Empty",
          "WaitDeals",
          "AddPiece",
          "SnapDealsWaitDeals",
          "SnapDealsAddPiece",
          "",
          "Packing",
          "GetTicket",
          "PreCommit1",
          "PreCommit2",
          "PreCommitting",
          "PreCommitWait",
          "SubmitPreCommitBatch",
          "PreCommitBatchWait",
          "WaitSeed",
          "Committing",
          "CommitFinalize",
          "SubmitCommit",
          "CommitWait",
          "SubmitCommitAggregate",
          "CommitAggregateWait",
          "FinalizeSector",
          "SnapDealsPacking",
          "UpdateReplica",
          "ProveReplicaUpdate",
          "SubmitReplicaUpdate",
          "ReplicaUpdateWait",
          "WaitMutable",
          "FinalizeReplicaUpdate",
          "ReleaseSectorKey",
          "Terminating",
          "TerminateWait",
          "TerminateFinality",
          "TerminateFailed",
          "Removing",
          "Removed",
          "AbortUpgrade",
          "AddPieceFailed",
          "CommitFinalizeFailed",
          "FailedUnrecoverable",
          "SealPreCommit1Failed",
          "SealPreCommit2Failed",
          "PreCommitFailed",
          "ComputeProofFailed",
          "RemoteCommitFailed",
          "CommitFailed",
          "PackingFailed",
          "FinalizeFailed",
          "DealsExpired",
          "RecoverDealIDs",
          "SnapDealsAddPieceFailed",
          "SnapDealsDealsExpired",
          "SnapDealsRecoverDealIDs",
          "ReplicaUpdateFailed",
          "ReleaseSectorKeyFailed",
          "FinalizeReplicaUpdateFailed",
          "Faulty",
          "FaultReported",
          "FaultedFinal",
          "RemoveFailed");

  /** Those a sector can be forced into. */
  static final List<String> VALID =
      IN_DISPLAY_ORDER.stream().filter(name -> !name.isEmpty()).toList();

  private StateNames() {}

  /** The names a shell offers. */
  static final class Candidates implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
      return VALID.iterator();
    }
  }

  /** The colour a state is shown in (lotus-miner info). */
  static Paint.Colour colour(String state) {
    int at = IN_DISPLAY_ORDER.indexOf(state);
    if (at < 0) {
      return Paint.Colour.PLAIN;
    }
    if (state.isEmpty() || at > IN_DISPLAY_ORDER.indexOf("AbortUpgrade")) {
      return Paint.Colour.RED;
    }
    if (at >= IN_DISPLAY_ORDER.indexOf("Terminating")) {
      return Paint.Colour.CYAN;
    }
    if (at >= IN_DISPLAY_ORDER.indexOf("Packing")) {
      return Paint.Colour.YELLOW;
    }
    if (at >= IN_DISPLAY_ORDER.indexOf("Empty")) {
      return Paint.Colour.BLUE;
    }
    return state.equals("ReceiveSector") ? Paint.Colour.MAGENTA : Paint.Colour.GREEN;
  }

  /** Unknown names stand first. */
  static Comparator<String> displayOrder() {
    return Comparator.<String>comparingInt(IN_DISPLAY_ORDER::indexOf)
        .thenComparing(Comparator.naturalOrder());
  }
}
