package io.selkie.pipeline;

import static io.selkie.pipeline.SectorState.Bucket.FAILED;
import static io.selkie.pipeline.SectorState.Bucket.PROVING;
import static io.selkie.pipeline.SectorState.Bucket.SEALING;
import static io.selkie.pipeline.SectorState.Bucket.STAGING;
import static io.selkie.pipeline.SectorState.Colour.BLUE;
import static io.selkie.pipeline.SectorState.Colour.CYAN;
import static io.selkie.pipeline.SectorState.Colour.GREEN;
import static io.selkie.pipeline.SectorState.Colour.MAGENTA;
import static io.selkie.pipeline.SectorState.Colour.NONE;
import static io.selkie.pipeline.SectorState.Colour.RED;
import static io.selkie.pipeline.SectorState.Colour.YELLOW;
import static io.selkie.pipeline.SectorState.Planner.COMMITTING;
import static io.selkie.pipeline.SectorState.Planner.FINAL;
import static io.selkie.pipeline.SectorState.Planner.FINAL_REMOVED;
import static io.selkie.pipeline.SectorState.Planner.ONE;
import static io.selkie.pipeline.SectorState.Planner.ONE_OR_IGNORE;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The states of a sector, spelled as on the wire.
 *
 * <p>A sector's record holds its state as text, because an operator may force a name that is not
 * among these; such a sector rests until it is forced again. The table is that of lotus 1.36,
 * storage/pipeline/sector_state.go and cmd/lotus-miner/sectors.go.
 */
public enum SectorState {
  /** A number was assigned and nothing has happened yet; its name is empty. */
  Undefined(STAGING, STAGING, 10, RED, ONE, false),
  Empty(STAGING, STAGING, 5, BLUE, ONE, false),
  WaitDeals(STAGING, STAGING, 6, BLUE, ONE, false),
  AddPiece(STAGING, STAGING, 7, BLUE, ONE, false),
  AddPieceFailed(STAGING, STAGING, 43, RED, ONE, false),
  Packing(SEALING, SEALING, 11, YELLOW, ONE, false),
  GetTicket(SEALING, SEALING, 12, YELLOW, ONE, false),
  PreCommit1(SEALING, SEALING, 13, YELLOW, ONE, false),
  PreCommit2(SEALING, SEALING, 14, YELLOW, ONE, false),
  PreCommitting(SEALING, SEALING, 15, YELLOW, ONE, false),
  PreCommitWait(SEALING, SEALING, 16, YELLOW, ONE, false),
  SubmitPreCommitBatch(SEALING, SEALING, 17, YELLOW, ONE, false),
  PreCommitBatchWait(SEALING, SEALING, 18, YELLOW, ONE, false),
  WaitSeed(SEALING, SEALING, 19, YELLOW, ONE, false),
  Committing(SEALING, SEALING, 20, YELLOW, COMMITTING, false),
  CommitFinalize(SEALING, SEALING, 21, YELLOW, ONE, false),
  CommitFinalizeFailed(FAILED, FAILED, 50, RED, ONE, false),
  SubmitCommit(SEALING, PROVING, 22, YELLOW, ONE, false),
  CommitWait(SEALING, PROVING, 23, YELLOW, ONE, false),
  SubmitCommitAggregate(SEALING, PROVING, 24, YELLOW, ONE, false),
  CommitAggregateWait(SEALING, PROVING, 25, YELLOW, ONE, false),
  FinalizeSector(SEALING, SEALING, 26, YELLOW, ONE, false),
  Proving(PROVING, PROVING, 1, GREEN, ONE, false),
  Available(PROVING, PROVING, 2, GREEN, ONE, false),
  SnapDealsWaitDeals(STAGING, STAGING, 8, BLUE, ONE, true),
  SnapDealsAddPiece(STAGING, STAGING, 9, BLUE, ONE, true),
  SnapDealsPacking(SEALING, SEALING, 27, YELLOW, ONE, true),
  UpdateReplica(SEALING, SEALING, 28, YELLOW, ONE, true),
  ProveReplicaUpdate(SEALING, SEALING, 29, YELLOW, ONE, true),
  SubmitReplicaUpdate(SEALING, PROVING, 30, YELLOW, ONE, true),
  WaitMutable(SEALING, PROVING, 32, YELLOW, ONE, true),
  ReplicaUpdateWait(SEALING, PROVING, 31, YELLOW, ONE, false),
  FinalizeReplicaUpdate(SEALING, SEALING, 33, YELLOW, ONE, false),
  UpdateActivating(PROVING, PROVING, 3, GREEN, ONE, false),
  ReleaseSectorKey(PROVING, PROVING, 34, YELLOW, ONE, false),
  ReceiveSector(SEALING, SEALING, 4, MAGENTA, ONE, false),
  FailedUnrecoverable(FAILED, FAILED, 42, RED, FINAL, false),
  SealPreCommit1Failed(FAILED, FAILED, 44, RED, ONE, false),
  SealPreCommit2Failed(FAILED, FAILED, 45, RED, ONE, false),
  PreCommitFailed(FAILED, FAILED, 46, RED, ONE, false),
  ComputeProofFailed(FAILED, FAILED, 47, RED, ONE, false),
  RemoteCommitFailed(FAILED, FAILED, 48, RED, ONE, false),
  CommitFailed(FAILED, FAILED, 49, RED, ONE, false),
  PackingFailed(FAILED, FAILED, 51, RED, ONE, false),
  FinalizeFailed(FAILED, FAILED, 52, RED, ONE, false),
  DealsExpired(FAILED, FAILED, 57, RED, ONE, false),
  RecoverDealIDs(FAILED, FAILED, 58, RED, ONE, false),
  SnapDealsAddPieceFailed(FAILED, FAILED, 59, RED, ONE, true),
  SnapDealsDealsExpired(FAILED, FAILED, 60, RED, ONE, true),
  SnapDealsRecoverDealIDs(FAILED, FAILED, 0, NONE, ONE, true),
  AbortUpgrade(FAILED, FAILED, 41, CYAN, ONE_OR_IGNORE, true),
  ReplicaUpdateFailed(FAILED, FAILED, 61, RED, ONE, true),
  ReleaseSectorKeyFailed(FAILED, FAILED, 62, RED, ONE, true),
  FinalizeReplicaUpdateFailed(FAILED, FAILED, 63, RED, ONE, true),
  Faulty(FAILED, FAILED, 53, RED, ONE, false),
  FaultReported(FAILED, FAILED, 54, RED, FINAL, false),
  FaultedFinal(FAILED, FAILED, 55, RED, FINAL, false),
  Terminating(PROVING, PROVING, 35, CYAN, ONE, false),
  TerminateWait(PROVING, PROVING, 36, CYAN, ONE, false),
  TerminateFinality(PROVING, PROVING, 37, CYAN, ONE, false),
  TerminateFailed(PROVING, PROVING, 38, CYAN, ONE, false),
  Removing(PROVING, PROVING, 39, CYAN, ONE_OR_IGNORE, false),
  RemoveFailed(FAILED, FAILED, 56, RED, ONE, false),
  Removed(PROVING, PROVING, 40, CYAN, FINAL_REMOVED, false);

  /** What limits on waiting and sealing sectors count a state as. */
  public enum Bucket {
    /** Collects pieces. */
    STAGING,
    /** Works. */
    SEALING,
    /** Is done with sealing, in whichever way. */
    PROVING,
    /** Failed; occupies capacity like a working one. */
    FAILED
  }

  /** What a sector does in a state, and so what must be true of it there. */
  public enum Kind {
    /** Nothing has happened yet. */
    NEW("nothing has happened to it yet"),
    /** Its handler works, or a try that failed is repeated under a durable timer. */
    WORKING("works; a try that fails is made again"),
    /** Waits for pieces, for the chain or for company in a message, under a durable timer. */
    WAITING("waits for pieces, for the chain or for company in a message"),
    /** Failed: goes back to work after a pause, or stands still with a reason. */
    FAILED("failed; goes back to work after a pause, or stands still with a reason"),
    /** Exists in the table only: stands still and says that its handler is not written yet. */
    UNBUILT("stands still: there is no handler for this state yet"),
    /** Has nothing to do until somebody asks for something. */
    RESTING("rests until somebody asks for something");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** The same for an operator. */
    public String words() {
      return words;
    }
  }

  /** The colour an operator's table shows a state in. */
  public enum Colour {
    GREEN,
    MAGENTA,
    BLUE,
    YELLOW,
    CYAN,
    RED,
    NONE
  }

  /** How a state treats events that its rows do not list. */
  public enum Planner {
    /** Refuses them with a line in the sector's log. */
    ONE,
    /** Drops them and runs its handler again. */
    ONE_OR_IGNORE,
    /** As {@link #ONE}; kept apart because its rows have modes of their own. */
    COMMITTING,
    /** Accepts nothing but global events. */
    FINAL,
    /** Swallows everything, global events too. */
    FINAL_REMOVED
  }

  private static final Map<String, SectorState> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(SectorState::wireName, Function.identity()));

  private static final Set<SectorState> COLLECTING =
      Collections.unmodifiableSet(
          EnumSet.of(Undefined, Empty, WaitDeals, AddPiece, AddPieceFailed));

  private final Bucket bucket;
  private final Bucket bucketIfFinalizedEarly;
  private final int order;
  private final Colour colour;
  private final Planner planner;
  private final boolean upgrade;

  SectorState(
      Bucket bucket,
      Bucket bucketIfFinalizedEarly,
      int order,
      Colour colour,
      Planner planner,
      boolean upgrade) {
    this.bucket = bucket;
    this.bucketIfFinalizedEarly = bucketIfFinalizedEarly;
    this.order = order;
    this.colour = colour;
    this.planner = planner;
    this.upgrade = upgrade;
  }

  /** The name on the wire; empty for {@link #Undefined}. */
  public String wireName() {
    return this == Undefined ? "" : name();
  }

  /** The state of that name, exactly spelled, if there is one. */
  public static Optional<SectorState> ofWireName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * What limits count it as.
   *
   * @param finalizeEarly whether sectors are finalised before their proof is submitted
   */
  public Bucket bucket(boolean finalizeEarly) {
    return finalizeEarly ? bucketIfFinalizedEarly : bucket;
  }

  /** What a sector does in it. */
  public Kind kind() {
    return switch (this) {
      case Undefined -> Kind.NEW;
      case AddPiece,
          Packing,
          GetTicket,
          PreCommit1,
          PreCommit2,
          PreCommitting,
          Committing,
          CommitFinalize,
          SubmitCommit,
          FinalizeSector,
          ReceiveSector,
          AbortUpgrade,
          Removing ->
          Kind.WORKING;
      case Empty,
          WaitDeals,
          SubmitPreCommitBatch,
          PreCommitWait,
          PreCommitBatchWait,
          WaitSeed,
          SubmitCommitAggregate,
          CommitWait,
          CommitAggregateWait,
          Terminating,
          TerminateWait,
          TerminateFinality ->
          Kind.WAITING;
      case AddPieceFailed,
          CommitFinalizeFailed,
          SealPreCommit1Failed,
          SealPreCommit2Failed,
          PreCommitFailed,
          ComputeProofFailed,
          RemoteCommitFailed,
          CommitFailed,
          PackingFailed,
          FinalizeFailed,
          DealsExpired,
          RecoverDealIDs,
          TerminateFailed,
          RemoveFailed ->
          Kind.FAILED;
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
          Kind.UNBUILT;
      case Proving, Available, Removed, FailedUnrecoverable, Faulty, FaultReported, FaultedFinal ->
          Kind.RESTING;
    };
  }

  /** Its row in the operator's summary table, from 1; 0 if it has none. */
  public int order() {
    return order;
  }

  /** Its colour in that table. */
  public Colour colour() {
    return colour;
  }

  /** How it treats events it does not list. */
  public Planner planner() {
    return planner;
  }

  /** Whether tools treat it as part of an upgrade and estimate the deal weight locally. */
  public boolean isUpgrade() {
    return upgrade;
  }

  /** Whether an operator may name it in {@code update-state}. */
  public boolean isSettable() {
    return this != Undefined;
  }

  /** Whether a sector in this state has nothing to do until somebody asks for something. */
  public boolean isResting() {
    return kind() == Kind.RESTING;
  }

  /** Whether a sector in this state takes pieces, or will in a moment. */
  boolean isCollecting() {
    return COLLECTING.contains(this);
  }
}
