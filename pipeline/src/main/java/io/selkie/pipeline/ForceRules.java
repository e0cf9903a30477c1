package io.selkie.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which states an operator may force, and what a sector must have for it: a state whose handler
 * could only fail for want of something is refused, and so is one that would undo what the chain
 * has accepted.
 */
final class ForceRules {

  /** Something that a forced state needs of the sector's record or of the chain. */
  enum Need {
    ROOM("room for more pieces"),
    FULL("pieces that fill it"),
    DEALS("client data"),
    NO_DEALS("to be without client data"),
    TICKET("a ticket"),
    PHASE_1("an output of pre-commit 1"),
    COMMITMENTS("CommD and CommR"),
    PRE_COMMIT_MESSAGE("a pre-commit message"),
    SEED("a seed"),
    PROOF("a proof"),
    RETURN("a state to go back to"),
    UPGRADE("an upgrade that was begun"),
    NEW_REPLICA("the upgrade's CommD and CommR"),
    UPDATE_PROOF("the upgrade's proof"),
    UPDATE_MESSAGE("the upgrade's message"),
    FAULT_MESSAGE("a message that reported it"),
    TERMINATION("a termination message, or to be no longer on chain"),
    TERMINATED("an epoch it was terminated at"),
    COMMIT_SENT("a commit message, or to be proven on chain"),
    PROMISED("a pre-commit on chain"),
    ON_CHAIN("to be pre-committed or proven on chain"),
    PROVEN("to be proven on chain"),
    NOT_PROVEN("to be not proven on chain yet"),
    NOT_ON_CHAIN("to be neither pre-committed nor proven on chain"),
    NOT_ALIVE("to be no longer alive on chain"),
    REMOVAL("to be removed, which Removing does");

    private final String words;

    Need(String words) {
      this.words = words;
    }

    /** What is needed, to follow "it needs". */
    String words() {
      return words;
    }

    boolean isMet(SectorRecord r, ChainNode chain) throws ChainFault {
      return switch (this) {
        case ROOM -> r.usedPaddedBytes() < sizeOf(r);
        case FULL -> r.usedPaddedBytes() == sizeOf(r);
        case DEALS -> r.hasDeals();
        case NO_DEALS -> !r.hasDeals();
        case TICKET -> r.ticket().isPresent();
        case PHASE_1 -> r.preCommit().phase1Out().isPresent();
        case COMMITMENTS -> r.commD().isPresent() && r.commR().isPresent();
        case PRE_COMMIT_MESSAGE -> r.preCommit().message().isPresent();
        case SEED -> r.commit().seed().isPresent();
        case PROOF -> r.commit().proof().isPresent();
        case RETURN -> !r.returnState().isEmpty();
        case UPGRADE -> r.upgrade().started();
        case NEW_REPLICA ->
            r.upgrade().newSealed().isPresent() && r.upgrade().newUnsealed().isPresent();
        case UPDATE_PROOF -> r.upgrade().proof().isPresent();
        case UPDATE_MESSAGE -> r.upgrade().message().isPresent();
        case FAULT_MESSAGE -> r.failures().reportMessage().isPresent();
        case TERMINATION -> r.termination().message().isPresent() || !isProven(r, chain);
        case TERMINATED -> r.termination().terminatedAt().value() > 0;
        case COMMIT_SENT -> r.commit().message().isPresent() || isProven(r, chain);
        case PROMISED -> isPreCommitted(r, chain);
        case ON_CHAIN -> isPreCommitted(r, chain) || isProven(r, chain);
        case PROVEN -> isProven(r, chain);
        case NOT_PROVEN -> !isProven(r, chain);
        case NOT_ON_CHAIN -> !isPreCommitted(r, chain) && !isProven(r, chain);
        case NOT_ALIVE -> !isAlive(r, chain);
        case REMOVAL -> false;
      };
    }
  }

  private ForceRules() {}

  /** What a sector must have to be forced into this state. */
  static Set<Need> needs(SectorState state) {
    return switch (state) {
      case Undefined, FailedUnrecoverable -> Set.of();
      case Empty, WaitDeals, AddPiece, AddPieceFailed -> of(Need.ROOM, Need.NOT_ON_CHAIN);
      case Packing -> of(Need.NOT_ON_CHAIN);
      case GetTicket -> of(Need.FULL, Need.NOT_PROVEN);
      case PreCommit1, SealPreCommit1Failed -> of(Need.FULL, Need.TICKET, Need.NOT_PROVEN);
      case PreCommit2, SealPreCommit2Failed ->
          of(Need.FULL, Need.TICKET, Need.PHASE_1, Need.NOT_PROVEN);
      case PreCommitting, SubmitPreCommitBatch ->
          of(Need.FULL, Need.TICKET, Need.COMMITMENTS, Need.NOT_PROVEN);
      case PreCommitFailed -> of(Need.FULL, Need.NOT_PROVEN);
      case PreCommitWait, PreCommitBatchWait ->
          of(Need.COMMITMENTS, Need.PRE_COMMIT_MESSAGE, Need.NOT_PROVEN);
      case WaitSeed -> of(Need.FULL, Need.COMMITMENTS, Need.PROMISED);
      case Committing, ComputeProofFailed, RemoteCommitFailed ->
          of(Need.FULL, Need.TICKET, Need.COMMITMENTS, Need.SEED, Need.ON_CHAIN);
      case CommitFinalize, CommitFinalizeFailed, SubmitCommit, SubmitCommitAggregate ->
          of(Need.FULL, Need.COMMITMENTS, Need.SEED, Need.PROOF, Need.ON_CHAIN);
      case CommitWait, CommitAggregateWait -> of(Need.COMMITMENTS, Need.COMMIT_SENT);
      case CommitFailed -> of(Need.FULL, Need.COMMITMENTS);
      case FinalizeSector, FinalizeFailed, Proving -> of(Need.COMMITMENTS, Need.PROVEN);
      case Available -> of(Need.COMMITMENTS, Need.NO_DEALS, Need.PROVEN);
      case SnapDealsWaitDeals, SnapDealsAddPiece, SnapDealsAddPieceFailed ->
          of(Need.UPGRADE, Need.ROOM, Need.PROVEN);
      case SnapDealsPacking, SnapDealsDealsExpired, SnapDealsRecoverDealIDs, AbortUpgrade ->
          of(Need.UPGRADE, Need.PROVEN);
      case UpdateReplica, ReplicaUpdateFailed -> of(Need.UPGRADE, Need.FULL, Need.PROVEN);
      case ProveReplicaUpdate -> of(Need.UPGRADE, Need.FULL, Need.NEW_REPLICA, Need.PROVEN);
      case FinalizeReplicaUpdate, FinalizeReplicaUpdateFailed, SubmitReplicaUpdate, WaitMutable ->
          of(Need.UPGRADE, Need.NEW_REPLICA, Need.UPDATE_PROOF, Need.PROVEN);
      case ReplicaUpdateWait, UpdateActivating, ReleaseSectorKey, ReleaseSectorKeyFailed ->
          of(Need.UPGRADE, Need.NEW_REPLICA, Need.UPDATE_MESSAGE, Need.PROVEN);
      case ReceiveSector -> of(Need.RETURN);
      case RecoverDealIDs -> of(Need.DEALS, Need.RETURN);
      case DealsExpired, PackingFailed -> of(Need.DEALS);
      case Faulty, FaultedFinal -> of(Need.PROVEN);
      case FaultReported -> of(Need.PROVEN, Need.FAULT_MESSAGE);
      case Terminating, TerminateFailed -> of(Need.ON_CHAIN);
      case TerminateWait -> of(Need.TERMINATION);
      case TerminateFinality -> of(Need.TERMINATED);
      case Removing, RemoveFailed -> of(Need.NOT_ALIVE);
      case Removed -> of(Need.REMOVAL);
    };
  }

  private static Set<Need> of(Need first, Need... others) {
    return Collections.unmodifiableSet(EnumSet.of(first, others));
  }

  /**
   * Refuses a name that is no state, or a state that makes no sense for the sector.
   *
   * @throws SectorRefused naming everything that is missing
   * @throws ChainFault if the chain has to be asked and does not answer
   */
  static void check(SectorRecord sector, String name, Forcing forcing, ChainNode chain)
      throws SectorRefused, ChainFault {
    if (forcing == Forcing.LENIENT) {
      return;
    }
    SectorState state =
        SectorState.ofWireName(name)
            .filter(SectorState::isSettable)
            .orElseThrow(() ->
                new SectorRefused(
                    "there is no state '"
                        + name
                        + "'; nothing was changed (see the list of"
                        + " states in docs/state-machine.md)"));
    if (deletes(state)) {
      Optional<String> why = Liveness.of(sector, chain);
      if (why.isPresent()) {
        throw new SectorRefused(
            "sector %s cannot be forced to %s: %s; removing it takes its number as second key"
                .formatted(sector.sector().number(), name, why.get()));
      }
    }
    if (forcing == Forcing.CHECKED) {
      List<String> missing = missing(sector, state, chain);
      if (!missing.isEmpty()) {
        throw new SectorRefused(
            "sector %s cannot go to %s: it needs %s; force it if you know better"
                .formatted(sector.sector().number(), name, String.join(", and ", missing)));
      }
    }
  }

  private static List<String> missing(SectorRecord sector, SectorState state, ChainNode chain)
      throws ChainFault {
    List<String> missing = new ArrayList<>();
    for (Need need : needs(state)) {
      if (!need.isMet(sector, chain)) {
        missing.add(need.words());
      }
    }
    boolean filesMayBeGone =
        sector.knownState().filter(ForceRules::removes).isPresent()
            && (sector.removalKey().isPresent() || Liveness.of(sector, chain).isEmpty());
    if (filesMayBeGone && !deletes(state)) {
      missing.add("its files, whose removal has begun");
    }
    return missing;
  }

  private static boolean removes(SectorState state) {
    return state == SectorState.Removing || state == SectorState.RemoveFailed;
  }

  private static boolean deletes(SectorState state) {
    return state == SectorState.Removing
        || state == SectorState.RemoveFailed
        || state == SectorState.Removed;
  }

  private static long sizeOf(SectorRecord sector) {
    return sector.sealProof().sectorSize().bytes();
  }

  private static boolean isProven(SectorRecord sector, ChainNode chain) throws ChainFault {
    return chain.sectorInfo(sector.sector().miner(), sector.sector().number()).isPresent();
  }

  private static boolean isPreCommitted(SectorRecord sector, ChainNode chain) throws ChainFault {
    return chain.preCommitInfo(sector.sector().miner(), sector.sector().number()).isPresent();
  }

  private static boolean isAlive(SectorRecord sector, ChainNode chain) throws ChainFault {
    return Liveness.of(sector, chain).isPresent();
  }
}
