package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.ProvenSector;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainFault.Kind;
import io.selkie.pipeline.ChainNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The chain of fixture F1: at epoch 0, never moving, with look-ups that fail as the cases want. */
final class FixtureChain implements ChainNode, ProvingChain {

  static final ActorId MINER = new ActorId(1000);

  private static final ActorId OWNER = new ActorId(100);
  private static final List<long[]> ALLOCATED = List.of(new long[] {0, 5}, new long[] {9, 5});
  private static final long BLOCK_DELAY_MS = 30_000;

  @Override
  public TipSet head() {
    return new TipSet(ChainEpoch.ZERO, List.of(FixtureSectors.MESSAGE));
  }

  @Override
  public NetworkTiming timing() {
    return new NetworkTiming(25, BLOCK_DELAY_MS, 150, 5, 6, 900);
  }

  @Override
  public MinerInfo minerInfo(ActorId miner) throws ChainFault {
    if (!miner.equals(MINER)) {
      throw new ChainFault(Kind.ACTOR_NOT_FOUND, "actor not found");
    }
    return new MinerInfo(MINER, OWNER, OWNER, SectorSize.KIB_2, 10);
  }

  @Override
  public List<long[]> allocatedSectors(ActorId miner) {
    return ALLOCATED;
  }

  @Override
  public boolean isSectorAllocated(ActorId miner, SectorNumber number) {
    return ALLOCATED.stream()
        .anyMatch(range -> number.value() >= range[0] && number.value() < range[0] + range[1]);
  }

  @Override
  public Optional<PreCommitOnChain> preCommitInfo(ActorId miner, SectorNumber number) {
    return Optional.empty();
  }

  @Override
  public Optional<SectorOnChain> sectorInfo(ActorId miner, SectorNumber number) throws ChainFault {
    return switch ((int) number.value()) {
      case 9 -> Optional.of(sector(number, 5, 3, 4, 5));
      case 101 -> Optional.of(sector(number, 8, 0, 0, 77));
      case 102 -> throw new ChainFault(Kind.OTHER, "boom from chain");
      case 104 -> throw new ChainFault(Kind.ACTOR_NOT_FOUND, "actor not found");
      case 105 ->
          throw new ChainFault(
              Kind.NULL_ROUND, "requested epoch was a null round (55)", OptionalLong.of(55));
      default -> Optional.empty();
    };
  }

  private static SectorOnChain sector(
      SectorNumber number, int proof, long dealWeight, long verifiedWeight, long pledge) {
    return new SectorOnChain(
        number,
        RegisteredSealProof.ofNumber(proof),
        FixtureSectors.COMM_R,
        new ChainEpoch(111),
        new ChainEpoch(222),
        TokenAmount.of(dealWeight),
        TokenAmount.of(verifiedWeight),
        TokenAmount.of(pledge));
  }

  @Override
  public Optional<SectorExpiration> sectorExpiration(ActorId miner, SectorNumber number)
      throws ChainFault {
    if (number.value() != 9) {
      throw new ChainFault(Kind.OTHER, "no expiration of sector " + number);
    }
    return Optional.of(new SectorExpiration(new ChainEpoch(333), new ChainEpoch(44)));
  }

  @Override
  public Optional<SectorPlace> sectorPlace(ActorId miner, SectorNumber number) {
    return Optional.empty();
  }

  @Override
  public Randomness ticketRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault {
    throw none("randomness");
  }

  @Override
  public Randomness beaconRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault {
    throw none("randomness");
  }

  @Override
  public Optional<DealOnChain> deal(DealId id) {
    return Optional.empty();
  }

  @Override
  public TokenAmount preCommitDeposit(
      ActorId miner, RegisteredSealProof proof, ChainEpoch expiration) {
    return TokenAmount.ZERO;
  }

  @Override
  public ProvingDeadline provingDeadline(ActorId miner) {
    return new ProvingDeadline(0, new ChainEpoch(60), 48, 60);
  }

  @Override
  public PeriodOnChain period() {
    return new PeriodOnChain(0, Instant.EPOCH, 0, 2880, 48, 0, 0, 60, -20, -70);
  }

  @Override
  public List<ProvenSector> sectorsOf(int deadline) {
    return List.of();
  }

  @Override
  public List<DealId> dealsOf(Cid publishMessage) {
    return List.of();
  }

  @Override
  public TokenAmount initialPledge(
      ActorId miner, SectorSize size, long durationEpochs, long verifiedBytes) {
    return TokenAmount.ZERO;
  }

  @Override
  public Cid push(OutMessage message, String idempotencyKey) throws ChainFault {
    throw none("message pool");
  }

  @Override
  public Optional<Cid> pushed(String idempotencyKey) {
    return Optional.empty();
  }

  @Override
  public Optional<MessageLookup> searchMessage(Cid message) {
    return Optional.empty();
  }

  @Override
  public AutoCloseable onHead(Runnable listener) {
    return () -> {};
  }

  private static ChainFault none(String what) {
    return new ChainFault(Kind.OTHER, "the fixture's chain has no " + what);
  }
}
