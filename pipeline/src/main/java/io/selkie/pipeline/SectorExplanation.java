package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.pipeline.SectorRecord.Drawn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why a sector is where it is, since when, what comes next, and what is at risk; made of its record
 * and of the table that the pipeline runs on.
 *
 * @param state its state's name
 * @param meaning what the state is for
 * @param since when it came there
 * @param now what it does at the moment, or why it does nothing
 * @param waitsFor what wakes it, if it waits
 * @param next where it can go from here
 * @param deadlines what must happen before which epoch, the earliest first
 */
public record SectorExplanation(
    String state,
    String meaning,
    Instant since,
    String now,
    Optional<Timer> waitsFor,
    List<Next> next,
    List<Deadline> deadlines) {

  /** An event that this state acts on, and the state it leads to. */
  public record Next(String event, String state) {}

  /** An epoch before which something must have happened. */
  public record Deadline(ChainEpoch epoch, String what) {}

  /** The explanation of a sector as it is. */
  public static SectorExplanation of(SectorStatus status, NetworkTiming timing) {
    SectorRecord sector = status.record();
    Optional<SectorState> state = sector.knownState();
    return new SectorExplanation(
        sector.state(),
        state.map(SectorExplanation::meaning).orElse("a name that no handler knows"),
        Instant.ofEpochMilli(sector.enteredAtMs()),
        doing(status),
        status.running() ? Optional.empty() : status.timer(),
        state.map(SectorExplanation::next).orElse(List.of()),
        deadlines(sector, timing));
  }

  private static String doing(SectorStatus status) {
    String error = status.record().lastError();
    if (status.running()) {
      return "its handler is at work";
    }
    if (!error.isEmpty() && status.timer().isEmpty()) {
      return "stands still: "
          + error
          + "; when that is mended, restart it (sectors restart) or force a state (sectors"
          + " update-state)";
    }
    String waits = status.timer().map(Timer::reason).orElse("rests");
    return error.isEmpty() ? waits : waits + "; " + error;
  }

  private static List<Next> next(SectorState state) {
    return TransitionTable.rows().stream()
        .filter(row -> row.from() == state)
        .map(row ->
            new Next(
                row.event().getSimpleName(),
                row.mode() == TransitionTable.Mode.GO_BACK
                    ? "where it came from"
                    : row.to().orElse(state).wireName()))
        .toList();
  }

  private static List<Deadline> deadlines(SectorRecord sector, NetworkTiming timing) {
    List<Deadline> all = new ArrayList<>();
    boolean sealing =
        sector
            .knownState()
            .map(state ->
                state.bucket(false) == SectorState.Bucket.STAGING
                    || state.bucket(false) == SectorState.Bucket.SEALING
                    || state.bucket(false) == SectorState.Bucket.FAILED)
            .orElse(true);
    if (!sealing) {
      return List.of();
    }
    long start = PreCommitStates.firstDealStart(sector);
    if (start != Long.MAX_VALUE) {
      all.add(new Deadline(new ChainEpoch(start), "its first deal must be proven"));
    }
    Optional<Drawn> seed = sector.commit().seed();
    if (sector.preCommit().tipSet().isEmpty()) {
      sector
          .ticket()
          .ifPresent(ticket ->
              all.add(
                  new Deadline(
                      ticket.epoch().plus(SealingLimits.MAX_TICKET_AGE),
                      "its pre-commit must be on chain, or its ticket is too old")));
    } else if (seed.isPresent()) {
      all.add(
          new Deadline(
              seed.get()
                  .epoch()
                  .plus(
                      SealingLimits.maxProveCommit(sector.sealProof())
                          - timing.preCommitChallengeDelay()),
              "its proof must be on chain, or its deposit is lost"));
    }
    all.sort(Comparator.comparing(Deadline::epoch));
    return List.copyOf(all);
  }

  private static String meaning(SectorState state) {
    return switch (state) {
      case Undefined -> "has a number and nothing else";
      case Empty, WaitDeals -> "collects pieces of client data";
      case AddPiece -> "writes a piece";
      case AddPieceFailed -> "could not write a piece";
      case Packing -> "fills the rest with zeros";
      case GetTicket -> "draws the ticket it is sealed with";
      case PreCommit1 -> "computes the labels (pre-commit 1)";
      case PreCommit2 -> "computes the trees and the replica (pre-commit 2)";
      case PreCommitting, SubmitPreCommitBatch -> "waits to be in a pre-commit message";
      case PreCommitWait, PreCommitBatchWait -> "waits for its pre-commit to be on chain";
      case WaitSeed -> "waits for the randomness that its proof answers to";
      case Committing -> "computes its proof (commit 1 and 2)";
      case CommitFinalize, FinalizeSector -> "keeps what a proven sector needs, and moves";
      case SubmitCommit, SubmitCommitAggregate -> "waits to be in a commit message";
      case CommitWait, CommitAggregateWait -> "waits for its proof to be on chain";
      case Proving -> "is proven, and proves again every day";
      case Available -> "is proven, and may take client data in an upgrade";
      case SnapDealsWaitDeals, SnapDealsAddPiece, SnapDealsPacking -> "collects an upgrade's data";
      case UpdateReplica,
          ProveReplicaUpdate,
          SubmitReplicaUpdate,
          WaitMutable,
          ReplicaUpdateWait,
          FinalizeReplicaUpdate,
          UpdateActivating,
          ReleaseSectorKey ->
          "is upgraded";
      case ReceiveSector -> "comes from another miner's machine";
      case SealPreCommit1Failed -> "failed in pre-commit 1 or has to be sealed again";
      case SealPreCommit2Failed -> "failed in pre-commit 2";
      case PreCommitFailed -> "its pre-commit did not come on chain";
      case ComputeProofFailed, RemoteCommitFailed -> "its proof could not be computed";
      case CommitFailed -> "its proof did not come on chain";
      case CommitFinalizeFailed, FinalizeFailed, FinalizeReplicaUpdateFailed ->
          "its files could not be put away";
      case PackingFailed, DealsExpired, SnapDealsDealsExpired -> "its deals came too late";
      case RecoverDealIDs, SnapDealsRecoverDealIDs -> "its deals are not those that were recorded";
      case AbortUpgrade, SnapDealsAddPieceFailed, ReplicaUpdateFailed, ReleaseSectorKeyFailed ->
          "its upgrade failed";
      case Faulty, FaultReported, FaultedFinal -> "was found faulty";
      case FailedUnrecoverable -> "was given up";
      case Terminating, TerminateWait, TerminateFinality, TerminateFailed -> "is ended early";
      case Removing, RemoveFailed -> "is being removed";
      case Removed -> "was removed; its record stays";
    };
  }
}
