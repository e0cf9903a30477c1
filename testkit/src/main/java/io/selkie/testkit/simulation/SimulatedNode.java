package io.selkie.testkit.simulation;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.testkit.simulation.Faults.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The chain as one life of the program sees it: over a connection that fails. */
final class SimulatedNode implements ChainNode {

  private static final int ONE_PAUSE_IN = 20;
  private static final int SHORT_CALL = 3;

  private final World world;
  private final Life life;
  private final List<Runnable> listeners = new ArrayList<>();

  SimulatedNode(World world, Life life) {
    this.world = world;
    this.life = life;
  }

  private SimulatedChain chain() {
    return world.chain();
  }

  /** There is a new head. */
  void announce() {
    List.copyOf(listeners).forEach(Runnable::run);
  }

  /** A call that others may overtake. */
  private void ask() throws ChainFault {
    boolean interrupted = world.scheduler().pause(life, ONE_PAUSE_IN, SHORT_CALL);
    askAtOnce();
    if (interrupted) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the call was interrupted");
    }
  }

  /** A call within which nothing else happens: its caller may hold a lock. */
  private void askAtOnce() throws ChainFault {
    if (life.isOver()) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the process is dead");
    }
    if (world.isOffline()) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the chain node is offline");
    }
    if (world.faults().strikes(Kind.CHAIN_CALL_FAILS)) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the connection broke");
    }
  }

  @Override
  public TipSet head() throws ChainFault {
    ask();
    return chain().head();
  }

  @Override
  public NetworkTiming timing() {
    return SimulatedChain.TIMING;
  }

  @Override
  public MinerInfo minerInfo(ActorId asked) throws ChainFault {
    ask();
    return new MinerInfo(
        chain().miner(), new ActorId(100), new ActorId(100), chain().sectorSize(), 10);
  }

  @Override
  public List<long[]> allocatedSectors(ActorId asked) throws ChainFault {
    askAtOnce();
    return chain().allocated();
  }

  @Override
  public boolean isSectorAllocated(ActorId asked, SectorNumber number) throws ChainFault {
    ask();
    return chain().isAllocated(number);
  }

  @Override
  public Optional<PreCommitOnChain> preCommitInfo(ActorId asked, SectorNumber number)
      throws ChainFault {
    ask();
    return chain().preCommitOf(number);
  }

  @Override
  public Optional<SectorOnChain> sectorInfo(ActorId asked, SectorNumber number) throws ChainFault {
    ask();
    return chain().sector(number);
  }

  @Override
  public Optional<SectorExpiration> sectorExpiration(ActorId asked, SectorNumber number)
      throws ChainFault {
    return sectorInfo(asked, number)
        .map(s -> new SectorExpiration(s.expiration(), ChainEpoch.ZERO));
  }

  @Override
  public Optional<SectorPlace> sectorPlace(ActorId asked, SectorNumber number) throws ChainFault {
    return sectorInfo(asked, number).map(_ -> new SectorPlace(0, 0));
  }

  @Override
  public ProvingDeadline provingDeadline(ActorId asked) throws ChainFault {
    ask();
    long height = chain().height();
    return new ProvingDeadline(
        Math.floorMod(height, 2880L) / 60, new ChainEpoch((height / 60 + 1) * 60), 48, 60);
  }

  @Override
  public List<DealId> dealsOf(Cid publishMessage) throws ChainFault {
    ask();
    return List.of();
  }

  @Override
  public Randomness ticketRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault {
    ask();
    return randomness(tag, epoch);
  }

  @Override
  public Randomness beaconRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault {
    ask();
    return randomness(tag, epoch);
  }

  private Randomness randomness(RandomnessTag tag, ChainEpoch epoch) throws ChainFault {
    if (epoch.value() > chain().height()) {
      throw new ChainFault(ChainFault.Kind.OTHER, "epoch " + epoch + " is in the future");
    }
    return chain().randomness(tag, epoch.value());
  }

  @Override
  public Optional<DealOnChain> deal(DealId id) throws ChainFault {
    ask();
    return chain().deal(id);
  }

  @Override
  public TokenAmount preCommitDeposit(
      ActorId asked, RegisteredSealProof proof, ChainEpoch expiration) throws ChainFault {
    ask();
    return TokenAmount.of(1000);
  }

  @Override
  public TokenAmount initialPledge(
      ActorId asked, SectorSize sectorSize, long durationEpochs, long verifiedBytes)
      throws ChainFault {
    ask();
    return TokenAmount.of(2500);
  }

  @Override
  public Cid push(OutMessage message, String idempotencyKey) throws ChainFault {
    world.books().pushes(life, message, idempotencyKey);
    ask();
    if (world.faults().strikes(Kind.PUSH_REFUSED)) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the pool takes nothing now");
    }
    if (!chain().knows(idempotencyKey) && world.faults().strikes(Kind.OUT_OF_GAS)) {
      throw new ChainFault(ChainFault.Kind.OUT_OF_GAS, "it would run out of gas");
    }
    Cid cid = chain().take(message, idempotencyKey);
    world.scheduler().pause(life, 4, SHORT_CALL);
    if (life.isOver() || world.faults().strikes(Kind.ANSWER_LOST)) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the answer was lost");
    }
    return cid;
  }

  @Override
  public Optional<Cid> pushed(String idempotencyKey) throws ChainFault {
    ask();
    return chain().pushed(idempotencyKey);
  }

  @Override
  public Optional<MessageLookup> searchMessage(Cid message) throws ChainFault {
    ask();
    return chain().search(message);
  }

  @Override
  public AutoCloseable onHead(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
