package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import java.util.List;
import java.util.Optional;

/**
 * What the pipeline asks of a chain node. All answers are for the node's current head; nothing here
 * waits for the chain to move: handlers look, and set a timer when it is too early.
 *
 * <p>Implementations are thread-safe. Every call may throw {@link ChainFault}.
 */
public interface ChainNode {

  /** A tip set: its height and the CIDs of its blocks. */
  record TipSet(ChainEpoch height, List<Cid> cids) {}

  /** What a miner actor says of itself. */
  record MinerInfo(
      ActorId miner,
      ActorId owner,
      ActorId worker,
      SectorSize sectorSize,
      int windowPoStProofType) {}

  /** A pre-commit on chain. */
  record PreCommitOnChain(
      SectorNumber number,
      RegisteredSealProof proof,
      Cid sealedCid,
      ChainEpoch sealRandEpoch,
      ChainEpoch expiration,
      Optional<Cid> unsealedCid,
      TokenAmount deposit,
      ChainEpoch preCommitEpoch) {}

  /** A proven sector on chain. */
  record SectorOnChain(
      SectorNumber number,
      RegisteredSealProof proof,
      Cid sealedCid,
      ChainEpoch activation,
      ChainEpoch expiration,
      TokenAmount dealWeight,
      TokenAmount verifiedDealWeight,
      TokenAmount initialPledge) {}

  /** When it expires: on time, and early (0 = not faulty). */
  record SectorExpiration(ChainEpoch onTime, ChainEpoch early) {}

  /** Where it is proven. */
  record SectorPlace(long deadline, long partition) {}

  /**
   * Where the miner stands in its proving period.
   *
   * @param index of the deadline that is open
   * @param close the epoch at which the next one opens
   * @param deadlines in a period
   * @param windowEpochs how long each is open
   */
  record ProvingDeadline(long index, ChainEpoch close, long deadlines, long windowEpochs) {

    /**
     * Until when the sectors of a deadline are left alone: while the deadline, the one before it or
     * the one after it is open (the first two the chain does not let change, the last may still be
     * disputed after a reorganisation).
     */
    public Optional<ChainEpoch> heldUntil(long deadline) {
      long behind = Math.floorMod(index - deadline, deadlines);
      if (behind > 1 && behind < deadlines - 1) {
        return Optional.empty();
      }
      long windows = Math.floorMod(deadline + 2 - index, deadlines);
      return Optional.of(close.plus((windows - 1) * windowEpochs));
    }

    /** The next epoch from which they are left alone. */
    public ChainEpoch heldFrom(long deadline) {
      long windows = Math.floorMod(deadline - 1 - index, deadlines);
      return windows == 0 ? close.plus(-windowEpochs) : close.plus((windows - 1) * windowEpochs);
    }
  }

  /** The timing of the network that handlers need. */
  record NetworkTiming(
      int networkVersion,
      long blockDelayMs,
      long preCommitChallengeDelay,
      long messageConfidence,
      long interactiveConfidence,
      long ticketLookback) {}

  /** A deal of the market actor. */
  record DealOnChain(
      DealId id,
      ActorId client,
      ActorId provider,
      PieceInfo piece,
      boolean verified,
      String label,
      ChainEpoch startEpoch,
      ChainEpoch endEpoch,
      TokenAmount pricePerEpoch,
      TokenAmount providerCollateral,
      TokenAmount clientCollateral,
      Optional<ChainEpoch> activatedAt) {}

  /** A message to be sent by the miner's worker to the miner actor. */
  record OutMessage(ActorId to, long method, byte[] params, TokenAmount value) {}

  /** Where a message landed and how it ended; exit code 0 is success. */
  record MessageLookup(Cid message, TipSet tipSet, long exitCode, byte[] returnValue) {}

  /** The purposes randomness is drawn for (specs-actors crypto/randomness.go). */
  enum RandomnessTag {
    WINDOW_POST_CHALLENGE(4),
    SEAL(5),
    INTERACTIVE_SEAL_CHALLENGE(6);

    private final int tag;

    RandomnessTag(int tag) {
      this.tag = tag;
    }

    /** The number hashed in. */
    public int tag() {
      return tag;
    }
  }

  TipSet head() throws ChainFault;

  NetworkTiming timing();

  MinerInfo minerInfo(ActorId miner) throws ChainFault;

  /** Numbers the miner actor has ever seen, ascending ranges as {first, count} pairs. */
  List<long[]> allocatedSectors(ActorId miner) throws ChainFault;

  boolean isSectorAllocated(ActorId miner, SectorNumber number) throws ChainFault;

  Optional<PreCommitOnChain> preCommitInfo(ActorId miner, SectorNumber number) throws ChainFault;

  Optional<SectorOnChain> sectorInfo(ActorId miner, SectorNumber number) throws ChainFault;

  Optional<SectorExpiration> sectorExpiration(ActorId miner, SectorNumber number) throws ChainFault;

  Optional<SectorPlace> sectorPlace(ActorId miner, SectorNumber number) throws ChainFault;

  ProvingDeadline provingDeadline(ActorId miner) throws ChainFault;

  /** Ticket-chain randomness; the epoch may be below zero on a young chain. */
  Randomness ticketRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault;

  /** Beacon randomness. */
  Randomness beaconRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault;

  Optional<DealOnChain> deal(DealId id) throws ChainFault;

  /** The deals that a publish message made; none before it has landed, or if it failed. */
  List<DealId> dealsOf(Cid publishMessage) throws ChainFault;

  TokenAmount preCommitDeposit(ActorId miner, RegisteredSealProof proof, ChainEpoch expiration)
      throws ChainFault;

  TokenAmount initialPledge(ActorId miner, SectorSize size, long durationEpochs, long verifiedBytes)
      throws ChainFault;

  /**
   * Pushes a message. The same {@code idempotencyKey} always yields the same message CID and is
   * sent once, also over restarts of both sides: a caller that does not know whether an earlier
   * push arrived simply repeats it, or asks {@link #pushed}.
   *
   * @throws ChainFault OUT_OF_GAS if it was refused before it was sent; with any other kind it may
   *     have arrived all the same
   */
  Cid push(OutMessage message, String idempotencyKey) throws ChainFault;

  /**
   * The message that was ever pushed under this key; empty if none was, and none is on its way from
   * this caller.
   */
  Optional<Cid> pushed(String idempotencyKey) throws ChainFault;

  /** The message's execution, once it has landed in the chain of the current head. */
  Optional<MessageLookup> searchMessage(Cid message) throws ChainFault;

  /**
   * Calls {@code listener} after each new head, from a thread of the node's; it must return at
   * once.
   */
  AutoCloseable onHead(Runnable listener);
}
