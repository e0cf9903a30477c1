package io.selkie.testkit;

import io.selkie.abi.ActorId;
import io.selkie.abi.Blake2b;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A chain that makes a block when it is told to and executes the two messages of sealing. Pushed
 * messages land in the next block; a key is executed once. It outlives a pipeline, as a chain
 * outlives a process.
 */
public final class FakeChain implements ChainNode {

  /** A message that was taken, with the key it came under. */
  public record Pushed(Cid cid, OutMessage message, String key) {}

  private final ActorId miner;
  private final SectorSize size;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Pushed> byKey = new LinkedHashMap<>();
  private final Deque<Pushed> pool = new ArrayDeque<>();
  private final Map<Cid, MessageLookup> landed = new HashMap<>();
  private final TreeMap<SectorNumber, PreCommitOnChain> preCommits = new TreeMap<>();
  private final TreeMap<SectorNumber, SectorOnChain> sectors = new TreeMap<>();
  private final TreeSet<Long> numbers = new TreeSet<>();
  private final Map<DealId, DealOnChain> deals = new HashMap<>();
  private final Map<Cid, List<DealId>> published = new HashMap<>();
  private final Set<SectorNumber> refused = new HashSet<>();
  private final Deque<ChainFault.Kind> pushFaults = new ArrayDeque<>();
  private final Deque<Long> exitCodes = new ArrayDeque<>();
  private long height;
  private long beaconSalt;
  private boolean offline;
  private boolean loseNextAnswer;

  /** A chain at {@code height} with one miner of sectors of {@code size}. */
  public FakeChain(ActorId miner, SectorSize size, long height) {
    this.miner = miner;
    this.size = size;
    this.height = height;
  }

  /** Makes a block: what was pushed lands in it. */
  public void mine() {
    synchronized (this) {
      height++;
      while (!pool.isEmpty()) {
        execute(pool.remove());
      }
    }
    listeners.forEach(Runnable::run);
  }

  /** While offline every call fails. */
  public synchronized void setOffline(boolean offline) {
    this.offline = offline;
  }

  /** The next push is refused so. */
  public synchronized void refuseNextPush(ChainFault.Kind kind) {
    pushFaults.add(kind);
  }

  /** Refuses every pre-commit message that names this sector. */
  public synchronized void refusePreCommitsOf(SectorNumber number) {
    refused.add(number);
  }

  /** The next push arrives, but its caller is not told so. */
  public synchronized void loseNextAnswer() {
    loseNextAnswer = true;
  }

  /** The next message that lands ends with this exit code and does nothing. */
  public synchronized void endNextWith(long exitCode) {
    exitCodes.add(exitCode);
  }

  /** Changes all beacon randomness, as a reorganisation does. */
  public synchronized void changeBeacon() {
    beaconSalt++;
  }

  /** Publishes a deal. */
  public synchronized void addDeal(DealOnChain deal) {
    deals.put(deal.id(), deal);
  }

  /** Puts a pre-commit on chain, as a message from elsewhere would. */
  public synchronized void addPreCommit(PreCommitOnChain found) {
    numbers.add(found.number().value());
    preCommits.put(found.number(), found);
  }

  /** Puts a proven sector on chain, as a message from elsewhere would. */
  public synchronized void addSector(SectorOnChain found) {
    numbers.add(found.number().value());
    sectors.put(found.number(), found);
  }

  /** Ends a sector, as its expiration does. */
  public synchronized void endSector(SectorNumber number) {
    sectors.remove(number);
  }

  /** Says that a message published these deals. */
  public synchronized void addPublishMessage(Cid message, List<DealId> made) {
    published.put(message, List.copyOf(made));
  }

  /** All messages taken, in order. */
  public synchronized List<Pushed> pushed() {
    return List.copyOf(byKey.values());
  }

  private void execute(Pushed pushed) {
    OutMessage message = pushed.message();
    long exit = 0;
    if (!exitCodes.isEmpty()) {
      exit = exitCodes.remove();
    } else if (message.method() == PreCommitSectorBatch2Params.METHOD) {
      exit = preCommit(PreCommitSectorBatch2Params.decode(message.params()), message.value());
    } else if (message.method() == ProveCommitSectors3Params.METHOD) {
      proveCommit(ProveCommitSectors3Params.decode(message.params()));
    } else if (message.method() == TerminateSectorsParams.METHOD) {
      exit = terminate(TerminateSectorsParams.decode(message.params()));
    } else {
      exit = 22;
    }
    landed.put(pushed.cid(), new MessageLookup(pushed.cid(), tipSet(height), exit, new byte[0]));
  }

  private long preCommit(PreCommitSectorBatch2Params params, TokenAmount value) {
    boolean known = params.sectors().stream().anyMatch(s -> numbers.contains(s.number().value()));
    if (known) {
      return 16;
    }
    for (PreCommitSectorBatch2Params.Sector sector : params.sectors()) {
      numbers.add(sector.number().value());
      preCommits.put(
          sector.number(),
          new PreCommitOnChain(
              sector.number(),
              sector.sealProof(),
              sector.sealedCid(),
              sector.sealRandEpoch(),
              sector.expiration(),
              sector.unsealedCid(),
              value,
              new ChainEpoch(height)));
    }
    return 0;
  }

  private void proveCommit(ProveCommitSectors3Params params) {
    params
        .activations()
        .forEach(activation -> {
          PreCommitOnChain found = preCommits.remove(activation.number());
          if (found != null) {
            sectors.put(
                found.number(),
                new SectorOnChain(
                    found.number(),
                    found.proof(),
                    found.sealedCid(),
                    new ChainEpoch(height),
                    found.expiration(),
                    TokenAmount.ZERO,
                    TokenAmount.ZERO,
                    TokenAmount.of(1)));
          }
        });
  }

  private long terminate(TerminateSectorsParams params) {
    List<SectorNumber> named = new ArrayList<>();
    for (TerminateSectorsParams.Declaration each : params.declarations()) {
      for (long number : each.sectors().members(25_000)) {
        named.add(new SectorNumber(number));
      }
    }
    if (!sectors.keySet().containsAll(named)) {
      return 17;
    }
    named.forEach(sectors::remove);
    return 0;
  }

  private static Cid cid(String text) {
    return Cid.of(
        Cid.DAG_CBOR, Cid.BLAKE2B_256, Blake2b.digest256(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static TipSet tipSet(long height) {
    return new TipSet(new ChainEpoch(height), List.of(cid("block " + height)));
  }

  private void checkOnline() throws ChainFault {
    if (offline) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the chain node is offline");
    }
  }

  @Override
  public synchronized TipSet head() throws ChainFault {
    checkOnline();
    return tipSet(height);
  }

  @Override
  public NetworkTiming timing() {
    return new NetworkTiming(25, 4000, 10, 5, 6, 900);
  }

  @Override
  public synchronized MinerInfo minerInfo(ActorId asked) throws ChainFault {
    checkOnline();
    return new MinerInfo(miner, new ActorId(100), new ActorId(100), size, 10);
  }

  @Override
  public synchronized List<long[]> allocatedSectors(ActorId asked) throws ChainFault {
    checkOnline();
    List<long[]> ranges = new ArrayList<>();
    numbers.forEach(number -> ranges.add(new long[] {number, 1}));
    return ranges;
  }

  @Override
  public synchronized boolean isSectorAllocated(ActorId asked, SectorNumber number)
      throws ChainFault {
    checkOnline();
    return numbers.contains(number.value());
  }

  @Override
  public synchronized Optional<PreCommitOnChain> preCommitInfo(ActorId asked, SectorNumber number)
      throws ChainFault {
    checkOnline();
    return Optional.ofNullable(preCommits.get(number));
  }

  @Override
  public synchronized Optional<SectorOnChain> sectorInfo(ActorId asked, SectorNumber number)
      throws ChainFault {
    checkOnline();
    return Optional.ofNullable(sectors.get(number));
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
  public synchronized ProvingDeadline provingDeadline(ActorId asked) throws ChainFault {
    checkOnline();
    long index = Math.floorMod(height, 2880L) / 60;
    return new ProvingDeadline(index, new ChainEpoch((height / 60 + 1) * 60), 48, 60);
  }

  @Override
  public synchronized List<DealId> dealsOf(Cid publishMessage) throws ChainFault {
    checkOnline();
    return published.getOrDefault(publishMessage, List.of());
  }

  @Override
  public synchronized Randomness ticketRandomness(
      RandomnessTag tag, ChainEpoch epoch, byte[] entropy) throws ChainFault {
    checkOnline();
    return random("ticket " + tag.tag() + " " + epoch, entropy);
  }

  @Override
  public synchronized Randomness beaconRandomness(
      RandomnessTag tag, ChainEpoch epoch, byte[] entropy) throws ChainFault {
    checkOnline();
    if (epoch.value() > height) {
      throw new ChainFault(ChainFault.Kind.OTHER, "epoch " + epoch + " is in the future");
    }
    return random("beacon " + beaconSalt + " " + tag.tag() + " " + epoch, entropy);
  }

  private static Randomness random(String text, byte[] entropy) {
    return new Randomness(Blake2b.digest256(text.getBytes(StandardCharsets.UTF_8), entropy));
  }

  @Override
  public synchronized Optional<DealOnChain> deal(DealId id) throws ChainFault {
    checkOnline();
    return Optional.ofNullable(deals.get(id));
  }

  @Override
  public TokenAmount preCommitDeposit(
      ActorId asked, RegisteredSealProof proof, ChainEpoch expiration) {
    return TokenAmount.of(1000);
  }

  @Override
  public TokenAmount initialPledge(
      ActorId asked, SectorSize sectorSize, long durationEpochs, long verifiedBytes) {
    return TokenAmount.of(2500);
  }

  @Override
  public synchronized Cid push(OutMessage message, String idempotencyKey) throws ChainFault {
    checkOnline();
    if (!pushFaults.isEmpty()) {
      throw new ChainFault(pushFaults.remove(), "injected into push");
    }
    if (message.method() == PreCommitSectorBatch2Params.METHOD && namesRefused(message)) {
      throw new ChainFault(ChainFault.Kind.OTHER, "the message would fail");
    }
    Pushed known = byKey.get(idempotencyKey);
    if (known == null) {
      known = new Pushed(cid("message " + byKey.size()), message, idempotencyKey);
      byKey.put(idempotencyKey, known);
      pool.add(known);
    }
    if (loseNextAnswer) {
      loseNextAnswer = false;
      throw new ChainFault(ChainFault.Kind.OTHER, "the answer was lost");
    }
    return known.cid();
  }

  private boolean namesRefused(OutMessage message) {
    return !refused.isEmpty()
        && PreCommitSectorBatch2Params.decode(message.params()).sectors().stream()
            .anyMatch(each -> refused.contains(each.number()));
  }

  @Override
  public synchronized Optional<Cid> pushed(String idempotencyKey) throws ChainFault {
    checkOnline();
    return Optional.ofNullable(byKey.get(idempotencyKey)).map(Pushed::cid);
  }

  @Override
  public synchronized Optional<MessageLookup> searchMessage(Cid message) throws ChainFault {
    checkOnline();
    return Optional.ofNullable(landed.get(message));
  }

  @Override
  public AutoCloseable onHead(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
