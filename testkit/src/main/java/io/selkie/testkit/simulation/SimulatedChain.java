package io.selkie.testkit.simulation;

import io.selkie.abi.ActorId;
import io.selkie.abi.Blake2b;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DealId;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.TipSet;
import io.selkie.testkit.FakeSealer;
import io.selkie.testkit.simulation.Faults.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * The chain itself: blocks with messages, which can be taken back. It verifies what it is told, as
 * far as hashes can be verified, and watches that no message is sent that was sent before.
 */
final class SimulatedChain {

  static final NetworkTiming TIMING = new NetworkTiming(25, 4000, 10, 5, 6, 900);

  /** The exit code of an actor that was asked for something wrong. */
  private static final long ILLEGAL_ARGUMENT = 16;

  /** The exit code of an actor that does not know what it was asked about. */
  private static final long NOT_FOUND = 17;

  private static final long[] EXITS_OF_BAD_LUCK = {6, 7, 7, 16, 20};

  /** A message that the chain's pool took. */
  static final class Message {
    private final Cid cid;
    private final OutMessage content;
    private final List<SectorNumber> sectors;
    private final TreeSet<SectorNumber> succeeded = new TreeSet<>();
    private Optional<MessageLookup> landed = Optional.empty();

    Message(Cid cid, OutMessage content, List<SectorNumber> sectors) {
      this.cid = cid;
      this.content = content;
      this.sectors = sectors;
    }
  }

  private record Block(long height, long salt, List<Message> messages, Deque<Runnable> undo) {}

  private record Subject(long method, SectorNumber sector) {}

  private final World world;
  private final RandomGenerator random;
  private final ActorId miner;
  private final SectorSize size;
  private final Commitment emptyCommD;
  private final long genesis;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<String, Message> byKey = new LinkedHashMap<>();
  private final Map<Cid, Message> byCid = new HashMap<>();
  private final Map<Subject, List<Message>> bySubject = new HashMap<>();
  private final List<Message> pool = new ArrayList<>();
  private final TreeMap<SectorNumber, PreCommitOnChain> preCommits = new TreeMap<>();
  private final TreeMap<SectorNumber, SectorOnChain> sectors = new TreeMap<>();
  private final TreeSet<Long> numbers = new TreeSet<>();
  private final Map<DealId, DealOnChain> deals = new HashMap<>();

  SimulatedChain(World world, RandomGenerator random, ActorId miner, SectorSize size) {
    this.world = world;
    this.random = random;
    this.miner = miner;
    this.size = size;
    this.genesis = 2000;
    this.emptyCommD = SimulatedSealer.commD(List.of(FakeSealer.zeros(size.unpadded())));
    blocks.add(new Block(genesis, random.nextLong(), List.of(), new ArrayDeque<>()));
  }

  long height() {
    return blocks.getLast().height();
  }

  TipSet head() {
    return tipSet(blocks.getLast());
  }

  private static TipSet tipSet(Block block) {
    return new TipSet(
        new ChainEpoch(block.height()), List.of(cid("block", block.height(), block.salt())));
  }

  private static Cid cid(Object... parts) {
    return Cid.of(
        Cid.DAG_CBOR,
        Cid.BLAKE2B_256,
        Blake2b.digest256(List.of(parts).toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** A block; every message in the pool lands in it or has to wait for another. */
  void mine() {
    Deque<Runnable> undo = new ArrayDeque<>();
    Block block = new Block(height() + 1, random.nextLong(), new ArrayList<>(), undo);
    blocks.add(block);
    List<Message> candidates = List.copyOf(pool);
    for (Message message : candidates) {
      if (world.faults().areOver() || random.nextInt(3) > 0) {
        pool.remove(message);
        block.messages().add(message);
        execute(message, block);
      }
    }
  }

  /** Other blocks take the place of the last ones; their messages are in the pool again. */
  void reorganise(int depth) {
    int back = Math.min(depth, blocks.size() - 1);
    for (int i = 0; i < back; i++) {
      Block gone = blocks.removeLast();
      while (!gone.undo().isEmpty()) {
        gone.undo().pop().run();
      }
      for (Message message : gone.messages()) {
        pool.add(random.nextInt(pool.size() + 1), message);
      }
    }
    int forward = Math.max(1, back - 1 + random.nextInt(3));
    for (int i = 0; i < forward; i++) {
      mine();
    }
  }

  private void execute(Message message, Block block) {
    long exit;
    if (world.faults().strikes(Kind.MESSAGE_FAILS)) {
      exit = EXITS_OF_BAD_LUCK[random.nextInt(EXITS_OF_BAD_LUCK.length)];
    } else if (message.content.method() == PreCommitSectorBatch2Params.METHOD) {
      exit = preCommit(message, block);
    } else if (message.content.method() == ProveCommitSectors3Params.METHOD) {
      exit = proveCommit(message, block);
    } else if (message.content.method() == TerminateSectorsParams.METHOD) {
      exit = terminate(message, block);
    } else {
      exit = 22;
    }
    message.landed = Optional.of(new MessageLookup(message.cid, tipSet(block), exit, new byte[0]));
    block
        .undo()
        .push(() -> {
          message.landed = Optional.empty();
          message.succeeded.clear();
        });
  }

  private long preCommit(Message message, Block block) {
    var params = PreCommitSectorBatch2Params.decode(message.content.params());
    for (PreCommitSectorBatch2Params.Sector sector : params.sectors()) {
      long age = block.height() - sector.sealRandEpoch().value();
      if (numbers.contains(sector.number().value()) || age <= 0 || age > 3780) {
        return ILLEGAL_ARGUMENT;
      }
    }
    for (PreCommitSectorBatch2Params.Sector sector : params.sectors()) {
      SectorNumber number = sector.number();
      numbers.add(number.value());
      preCommits.put(
          number,
          new PreCommitOnChain(
              number,
              sector.sealProof(),
              sector.sealedCid(),
              sector.sealRandEpoch(),
              sector.expiration(),
              sector.unsealedCid(),
              message.content.value(),
              new ChainEpoch(block.height())));
      message.succeeded.add(number);
      block
          .undo()
          .push(() -> {
            numbers.remove(number.value());
            preCommits.remove(number);
          });
    }
    return 0;
  }

  private long proveCommit(Message message, Block block) {
    var params = ProveCommitSectors3Params.decode(message.content.params());
    for (int i = 0; i < params.activations().size(); i++) {
      SectorNumber number = params.activations().get(i).number();
      PreCommitOnChain found = preCommits.get(number);
      if (found != null && isProof(params.proofs().get(i), found, block)) {
        prove(message, found, block);
      }
    }
    boolean all = message.succeeded.size() == params.activations().size();
    return message.succeeded.isEmpty() || (params.requireActivationSuccess() && !all)
        ? ILLEGAL_ARGUMENT
        : 0;
  }

  private long terminate(Message message, Block block) {
    if (!sectors.keySet().containsAll(message.sectors)) {
      return NOT_FOUND;
    }
    for (SectorNumber number : message.sectors) {
      SectorOnChain ended = sectors.remove(number);
      message.succeeded.add(number);
      block.undo().push(() -> sectors.put(number, ended));
    }
    return 0;
  }

  private boolean isProof(byte[] proof, PreCommitOnChain found, Block block) {
    long challenge = found.preCommitEpoch().value() + TIMING.preCommitChallengeDelay();
    if (block.height() <= challenge) {
      return false;
    }
    Randomness ticket = randomness(RandomnessTag.SEAL, found.sealRandEpoch().value());
    Randomness seed = randomness(RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, challenge);
    Commitment commD = found.unsealedCid().flatMap(Cid::commitment).orElse(emptyCommD);
    Commitment commR = found.sealedCid().commitment().orElseThrow();
    return commR.equals(SimulatedSealer.commR(found.number(), ticket, commD))
        && Arrays.equals(proof, SimulatedSealer.proof(ticket, seed, commR, commD));
  }

  private void prove(Message message, PreCommitOnChain found, Block block) {
    preCommits.remove(found.number());
    sectors.put(
        found.number(),
        new SectorOnChain(
            found.number(),
            found.proof(),
            found.sealedCid(),
            new ChainEpoch(block.height()),
            found.expiration(),
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            TokenAmount.of(1)));
    message.succeeded.add(found.number());
    block
        .undo()
        .push(() -> {
          sectors.remove(found.number());
          preCommits.put(found.number(), found);
        });
  }

  /** Takes a message into the pool, once for every key. */
  Cid take(OutMessage content, String key) {
    Message known = byKey.get(key);
    if (known != null && world.sabotage() != Sabotage.CHAIN_FORGETS_KEYS) {
      return known.cid;
    }
    List<SectorNumber> about = about(content);
    Message message = new Message(cid("message", byKey.size()), content, about);
    for (SectorNumber sector : about) {
      List<Message> others =
          bySubject.computeIfAbsent(new Subject(content.method(), sector), _ -> new ArrayList<>());
      others.forEach(other -> checkSecond(other, message, sector));
      others.add(message);
    }
    world.trace(() -> "  the chain takes method " + content.method() + " for " + about);
    byKey.put(key, message);
    byCid.put(message.cid, message);
    pool.add(message);
    return message.cid;
  }

  private static List<SectorNumber> about(OutMessage content) {
    long method = content.method();
    if (method == PreCommitSectorBatch2Params.METHOD) {
      return PreCommitSectorBatch2Params.decode(content.params()).sectors().stream()
          .map(PreCommitSectorBatch2Params.Sector::number)
          .toList();
    }
    if (method == ProveCommitSectors3Params.METHOD) {
      return ProveCommitSectors3Params.decode(content.params()).activations().stream()
          .map(ProveCommitSectors3Params.Activation::number)
          .toList();
    }
    return TerminateSectorsParams.decode(content.params()).declarations().stream()
        .flatMap(each -> each.sectors().runs().stream())
        .flatMap(run -> LongStream.range(run.from(), run.to()).mapToObj(SectorNumber::new))
        .toList();
  }

  /** A second message is right only when the first one has failed for good. */
  private void checkSecond(Message first, Message second, SectorNumber sector) {
    String both =
        "a second message of method "
            + second.content.method()
            + " for sector "
            + sector
            + ", while the first one of sectors "
            + first.sectors;
    if (first.landed.isEmpty()) {
      throw world.violation(both + " waits to land");
    }
    if (first.succeeded.contains(sector)) {
      throw world.violation(both + " has succeeded");
    }
    long depth = height() - first.landed.get().tipSet().height().value();
    if (depth < TIMING.messageConfidence()) {
      throw world.violation(both + " failed only " + depth + " epochs ago");
    }
  }

  boolean knows(String key) {
    return byKey.containsKey(key);
  }

  Optional<Cid> pushed(String key) {
    return Optional.ofNullable(byKey.get(key)).map(message -> message.cid);
  }

  Optional<MessageLookup> search(Cid message) {
    return Optional.ofNullable(byCid.get(message)).flatMap(m -> m.landed);
  }

  Randomness randomness(RandomnessTag tag, long epoch) {
    long salt = epoch < genesis ? 0 : blocks.get((int) (epoch - genesis)).salt();
    return new Randomness(
        Blake2b.digest256((tag + " " + epoch + " " + salt).getBytes(StandardCharsets.UTF_8)));
  }

  Optional<PreCommitOnChain> preCommitOf(SectorNumber number) {
    return Optional.ofNullable(preCommits.get(number));
  }

  Optional<SectorOnChain> sector(SectorNumber number) {
    return Optional.ofNullable(sectors.get(number));
  }

  /** Why the files of the sector must stay; empty if the chain has nothing of it, nor will have. */
  Optional<String> alive(SectorNumber number) {
    if (sectors.containsKey(number)) {
      return Optional.of("it is proven");
    }
    if (preCommits.containsKey(number)) {
      return Optional.of("it is pre-committed");
    }
    return pool.stream().anyMatch(message -> message.sectors.contains(number))
        ? Optional.of("a message of it may still land")
        : Optional.empty();
  }

  boolean isAllocated(SectorNumber number) {
    return numbers.contains(number.value());
  }

  List<long[]> allocated() {
    List<long[]> ranges = new ArrayList<>();
    OptionalLong last = OptionalLong.empty();
    for (long number : numbers) {
      if (last.isPresent() && last.getAsLong() == number - 1) {
        ranges.getLast()[1]++;
      } else {
        ranges.add(new long[] {number, 1});
      }
      last = OptionalLong.of(number);
    }
    return ranges;
  }

  /** Another tool of the same miner uses numbers of its own. */
  void useElsewhere(SectorNumber number) {
    numbers.add(number.value());
  }

  void publish(DealOnChain deal) {
    deals.put(deal.id(), deal);
  }

  Optional<DealOnChain> deal(DealId id) {
    return Optional.ofNullable(deals.get(id));
  }

  ActorId miner() {
    return miner;
  }

  SectorSize sectorSize() {
    return size;
  }

  int messages() {
    return byKey.size();
  }
}
