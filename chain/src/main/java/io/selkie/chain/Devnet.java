package io.selkie.chain;

import io.selkie.abi.ActorId;
import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ChainState.Block;
import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.OwnedSector;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chain in this process: persistent, verifying every proof, with blocks when a timer or the
 * caller says so.
 *
 * <p>What was acknowledged (a pushed message, a published deal, a new head) is on disk before the
 * call returns, and survives the process being killed. While no process has it open the chain
 * stands still: it goes on from its last block, nothing falls due meanwhile. Thread-safe.
 */
public final class Devnet implements ChainNode, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Devnet.class);

  private final ChainDatabase database;
  private final ChainAccess access;
  private final DevnetParams params;
  private final BlockMaker maker;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private @Nullable AutoCloseable timer;

  /** Told apart by identity: the same runnable may be registered twice and closed once. */
  private static final class Listener {
    private final Runnable heard;

    Listener(Runnable heard) {
      this.heard = heard;
    }

    Runnable heard() {
      return heard;
    }
  }

  private Devnet(ChainDatabase database, DevnetParams params, BlockMaker maker) {
    this.database = database;
    this.access = new ChainAccess(database);
    this.params = params;
    this.maker = maker;
  }

  /**
   * Opens the chain in {@code directory}, or begins one there with {@code paramsIfNew}.
   *
   * @throws IOException if it is open elsewhere or cannot be read
   */
  public static Devnet open(Path directory, DevnetParams paramsIfNew, DevnetEnvironment environment)
      throws IOException {
    ChainDatabase database = ChainDatabase.open(directory);
    try {
      return database.write(state -> {
        Genesis genesis = Genesis.readOrDraw(state, paramsIfNew, environment);
        BlockMaker maker = new BlockMaker(genesis.params(), environment, genesis.seed());
        if (genesis.isNew()) {
          maker.genesis(state);
        }
        return new Devnet(database, genesis.params(), maker);
      });
    } catch (SQLException | IllegalArgumentException e) {
      database.close();
      throw new IOException("the chain in " + directory + ": " + e.getMessage(), e);
    }
  }

  // ------------------------------------------------------------------ making blocks

  /** Makes the next block and tells the listeners. */
  public TipSet step() throws ChainFault {
    return made(access.write(state -> maker.make(state, state.head().height() + 1)));
  }

  /**
   * Makes a block at {@code epoch}; the epochs between it and the head stay empty.
   *
   * @throws ChainFault if {@code epoch} is not above the head
   */
  public TipSet skipTo(ChainEpoch epoch) throws ChainFault {
    return made(
        access.write(state -> {
          long head = state.head().height();
          if (epoch.value() <= head) {
            throw new Refusal("no block at " + epoch + ": the head is at " + head);
          }
          return maker.make(state, epoch.value());
        }));
  }

  /** Makes a block each time the timer says so, until the chain is closed. */
  public synchronized void start(BlockTimer blocks) {
    if (timer != null) {
      throw new IllegalStateException("the devnet was started before");
    }
    timer = blocks.every(params.blockDelay(), this::tick);
  }

  private void tick() {
    try {
      step();
    } catch (ChainFault | RuntimeException e) {
      // Nothing is lost: what is pending stays pending for the next try.
      LOG.error("no block was made", e);
    } catch (Error e) {
      LOG.error("no block was made, and none will be until the node is started again", e);
      throw e;
    }
  }

  private TipSet made(Block block) {
    for (Listener listener : listeners) {
      try {
        listener.heard().run();
      } catch (RuntimeException e) {
        LOG.error("a listener failed at epoch {}", block.height(), e);
      }
    }
    return block.tipSet();
  }

  @Override
  public AutoCloseable onHead(Runnable listener) {
    Listener own = new Listener(listener);
    listeners.add(own);
    return () -> listeners.remove(own);
  }

  /** Stops making blocks and closes the file. */
  @Override
  public void close() throws IOException {
    AutoCloseable running;
    synchronized (this) {
      running = timer;
      timer = null;
    }
    try {
      if (running != null) {
        running.close();
      }
    } catch (Exception e) {
      throw new IOException("stopping the blocks: " + e.getMessage(), e);
    } finally {
      database.close();
    }
  }

  // ------------------------------------------------------------------ miners and deals

  /**
   * The miner with this number, made now if there is none: worker account and miner actor get
   * enough funds for a devnet.
   *
   * @throws ChainFault if there is one with another sector size, or the number is under 1000
   */
  public MinerInfo ensureMiner(ActorId miner, SectorSize size) throws ChainFault {
    return access.write(state -> {
      Optional<Miner> found = state.miner(miner);
      if (found.isEmpty()) {
        return infoOf(Genesis.addMiner(state, miner, size));
      }
      if (found.get().sectorSize() != size) {
        throw new Refusal(
            "miner " + miner + " has sectors of " + found.get().sectorSize() + ", not " + size);
      }
      return infoOf(found.get());
    });
  }

  /** Puts sectors on chain that nobody proved, for measuring with millions of them. */
  public void seed(ActorId miner, List<SectorOnChain> sectors) throws ChainFault {
    access.write(state -> SeededSectors.add(state, require(state, miner), sectors));
  }

  /** The miners of this chain, by their numbers. */
  public List<MinerInfo> miners() throws ChainFault {
    return access.read(state -> state.miners().stream().map(Devnet::infoOf).toList());
  }

  /** What a miner could still lock or withdraw. */
  public TokenAmount availableBalance(ActorId miner) throws ChainFault {
    return access.read(state -> require(state, miner).available());
  }

  /**
   * Publishes a deal at the current head, as the provider's worker would.
   *
   * @throws ChainFault if the market actor would refuse it
   */
  public PublishedDeal publishDeal(DealProposal deal) throws ChainFault {
    return access.write(state -> {
      Miner provider = require(state, deal.provider());
      return MessagePool.publish(state, provider, deal);
    });
  }

  // ------------------------------------------------------------------ what a node is asked

  @Override
  public TipSet head() throws ChainFault {
    return access.read(state -> state.head().tipSet());
  }

  @Override
  public NetworkTiming timing() {
    return new NetworkTiming(
        params.networkVersion(),
        params.blockDelay().toMillis(),
        params.preCommitChallengeDelay(),
        params.messageConfidence(),
        params.interactiveConfidence(),
        params.ticketLookback());
  }

  @Override
  public MinerInfo minerInfo(ActorId miner) throws ChainFault {
    return access.read(state -> infoOf(require(state, miner)));
  }

  @Override
  public List<long[]> allocatedSectors(ActorId miner) throws ChainFault {
    return access.read(state -> {
      List<long[]> ranges = new ArrayList<>();
      for (BitField.Run run : require(state, miner).allocated().runs()) {
        ranges.add(new long[] {run.from(), run.size()});
      }
      return List.copyOf(ranges);
    });
  }

  @Override
  public boolean isSectorAllocated(ActorId miner, SectorNumber number) throws ChainFault {
    return access.read(state -> require(state, miner).allocated().contains(number.value()));
  }

  @Override
  public Optional<PreCommitOnChain> preCommitInfo(ActorId miner, SectorNumber number)
      throws ChainFault {
    return access.read(state -> state.preCommit(require(state, miner).id(), number));
  }

  @Override
  public Optional<SectorOnChain> sectorInfo(ActorId miner, SectorNumber number) throws ChainFault {
    return sector(miner, number).map(OwnedSector::info);
  }

  @Override
  public Optional<SectorExpiration> sectorExpiration(ActorId miner, SectorNumber number)
      throws ChainFault {
    return sector(miner, number).map(ChainState::expirationOf);
  }

  @Override
  public Optional<SectorPlace> sectorPlace(ActorId miner, SectorNumber number) throws ChainFault {
    return sector(miner, number).map(OwnedSector::place);
  }

  private Optional<OwnedSector> sector(ActorId miner, SectorNumber number) throws ChainFault {
    return access.read(state -> state.sector(require(state, miner).id(), number));
  }

  @Override
  public ProvingDeadline provingDeadline(ActorId miner) throws ChainFault {
    return access.read(state -> {
      Deadlines deadlines = require(state, miner).deadlines();
      long head = state.head().height();
      int index = deadlines.index(head);
      long close = deadlines.periodStart(head) + (index + 1) * Policy.CHALLENGE_WINDOW;
      return new ProvingDeadline(
          index, new ChainEpoch(close), Policy.DEADLINES, Policy.CHALLENGE_WINDOW);
    });
  }

  @Override
  public List<DealId> dealsOf(Cid publishMessage) throws ChainFault {
    return access.read(
        state -> ChainHistory.published(state, publishMessage).map(List::of).orElse(List.of()));
  }

  @Override
  public Randomness ticketRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault {
    return access.read(state -> {
      checkNotAhead(state, epoch);
      return ChainRandomness.ticket(state, tag, epoch.value(), entropy);
    });
  }

  @Override
  public Randomness beaconRandomness(RandomnessTag tag, ChainEpoch epoch, byte[] entropy)
      throws ChainFault {
    return access.read(state -> {
      checkNotAhead(state, epoch);
      return ChainRandomness.beacon(state, tag, epoch.value(), entropy);
    });
  }

  private static void checkNotAhead(ChainState state, ChainEpoch epoch) throws SQLException {
    long head = state.head().height();
    Refusal.unless(
        epoch.value() <= head, "randomness of epoch " + epoch + ", the head is at " + head);
  }

  /** The deal, unless it was not started in time or is over. */
  @Override
  public Optional<DealOnChain> deal(DealId id) throws ChainFault {
    return access.read(state -> {
      long head = state.head().height();
      return state.deal(id).filter(deal -> !MarketActor.isOver(deal, head));
    });
  }

  @Override
  public TokenAmount preCommitDeposit(
      ActorId miner, RegisteredSealProof proof, ChainEpoch expiration) throws ChainFault {
    return access.read(state -> {
      SectorSize size = require(state, miner).sectorSize();
      Refusal.unless(
          proof.sectorSize() == size, "proof " + proof.number() + " is not for sectors of " + size);
      return Pledges.withMargin(Pledges.deposit(size));
    });
  }

  @Override
  public TokenAmount initialPledge(
      ActorId miner, SectorSize size, long durationEpochs, long verifiedBytes) throws ChainFault {
    return access.read(state -> {
      require(state, miner);
      Refusal.unless(durationEpochs > 0, "duration of " + durationEpochs + " epochs");
      Refusal.unless(
          verifiedBytes >= 0 && verifiedBytes <= size.bytes(),
          verifiedBytes + " verified bytes in a sector of " + size);
      return Pledges.withMargin(Pledges.initialPledge(size, verifiedBytes));
    });
  }

  // ------------------------------------------------------------------ messages

  /**
   * @throws ChainFault also for a miner that does not exist, an empty or overlong key, a negative
   *     value, overlong parameters, or a full pool
   */
  @Override
  public Cid push(OutMessage message, String idempotencyKey) throws ChainFault {
    return access.write(state -> {
      Optional<Cid> before = MessagePool.messageOfKey(state, idempotencyKey);
      return before.isPresent()
          ? before.get()
          : MessagePool.push(state, require(state, message.to()), message, idempotencyKey);
    });
  }

  @Override
  public Optional<Cid> pushed(String idempotencyKey) throws ChainFault {
    return access.read(state -> MessagePool.messageOfKey(state, idempotencyKey));
  }

  @Override
  public Optional<MessageLookup> searchMessage(Cid message) throws ChainFault {
    return access.read(state ->
        state
            .receipt(message)
            .map(receipt ->
                new MessageLookup(
                    message, receipt.block().tipSet(), receipt.exitCode(), receipt.returned())));
  }

  /** Why a message failed, in words; empty if it did not, or is not executed yet. */
  public Optional<String> failureReason(Cid message) throws ChainFault {
    return access.read(state -> state.reason(message));
  }

  /** A miner's power, funds and deals, and where it stands in its proving period. */
  public MinerAccount minerAccount(ActorId miner) throws ChainFault {
    return access.read(state -> MinerListing.account(state, require(state, miner)));
  }

  /** Where a miner stands in its proving period. */
  public PeriodOnChain provingPeriod(ActorId miner) throws ChainFault {
    return access.read(state -> MinerListing.period(state, require(state, miner)));
  }

  /**
   * Shows how every sector stands that a miner ever proved, by number, one after the other: there
   * may be many. Returns the head that this is as of.
   */
  public PeriodOnChain eachSector(ActorId miner, Consumer<SectorStanding> each) throws ChainFault {
    return access.read(state -> MinerListing.each(state, require(state, miner), each));
  }

  /** Every sector that was ever assigned to a deadline, by partition and number. */
  public List<ProvenSector> sectorsOfDeadline(ActorId miner, int deadline) throws ChainFault {
    return access.read(state -> MinerListing.ofDeadline(state, require(state, miner), deadline));
  }

  /** Those of the sectors with these numbers that live, and the head they are as of. */
  public LiveSectors liveSectors(ActorId miner, long[] numbers) throws ChainFault {
    return access.read(state -> MinerListing.live(state, require(state, miner), numbers));
  }

  /**
   * The live sectors from a number on, by number.
   *
   * @param limit how many at most
   */
  public List<ProvenSector> liveSectorsFrom(ActorId miner, long from, int limit) throws ChainFault {
    return access.read(state -> MinerListing.liveFrom(state, require(state, miner), from, limit));
  }

  /** When each of a miner's live sectors ends, and what is pledged for it, as of one head. */
  public SectorTerms sectorTerms(ActorId miner) throws ChainFault {
    return access.read(state -> MinerListing.terms(state, require(state, miner)));
  }

  /** Every pre-commit of a miner that is not proven yet, by number. */
  public List<DueProof> dueProofs(ActorId miner) throws ChainFault {
    return access.read(state -> MinerListing.preCommits(state, require(state, miner)));
  }

  /** What the messages on chain say of the miner's sectors. */
  public SortedMap<SectorNumber, SectorHistory> sectorHistories(ActorId miner) throws ChainFault {
    return access.read(state -> ChainHistory.sectors(state, require(state, miner)));
  }

  /** The miner's deals, whatever became of them, by their numbers. */
  public List<ProviderDeal> dealsOf(ActorId miner) throws ChainFault {
    return access.read(state -> ChainHistory.deals(state, require(state, miner)));
  }

  /** The proof that a message carried for a sector. */
  public Optional<byte[]> proofIn(Cid message, SectorNumber number) throws ChainFault {
    return access.read(state -> ChainHistory.proof(state, message, number));
  }

  /**
   * Copies the chain as of its last commit into a new file, while it goes on.
   *
   * @throws IOException if the file exists or cannot be written
   */
  public void copyTo(Path target) throws IOException {
    try {
      database.copyTo(target);
    } catch (SQLException e) {
      throw new IOException("copying the chain to " + target + ": " + e.getMessage(), e);
    }
  }

  private static MinerInfo infoOf(Miner miner) {
    return new MinerInfo(
        miner.id(),
        miner.worker(),
        miner.worker(),
        miner.sectorSize(),
        Policy.windowPoSt(miner.sectorSize()).number());
  }

  private static Miner require(ChainState state, ActorId miner) throws SQLException {
    return state
        .miner(miner)
        .orElseThrow(() -> new Refusal.NoActor("actor " + miner + " not found"));
  }
}
