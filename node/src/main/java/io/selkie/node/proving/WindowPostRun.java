package io.selkie.node.proving;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.RegisteredPoStProof.Kind;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.ProvenSector;
import io.selkie.node.Faults;
import io.selkie.node.proving.SectorProver.Challenged;
import io.selkie.node.proving.SectorProver.Outcome;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.proofs.post.PostChallenges;
import io.selkie.proofs.post.PostProofBytes;
import io.selkie.proofs.post.SectorPostProof;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.PostPartition;
import io.selkie.rpc.api.PostProof;
import io.selkie.rpc.api.WindowPost;
import io.selkie.storage.ReplicaProofs.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What would be submitted for the last window of a deadline, without sending it (lotus
 * storage/wdpost/wdpost_run.go, runPoStCycle with {@code manual}). Every live sector is proven,
 * faulty ones too; what cannot be proven is skipped. Thread-safe.
 */
public final class WindowPostRun {

  /** Partitions in one message (builtin-actors policy, posted_partitions_max). */
  static final int MOST_PARTITIONS = 3;

  /** Until proofs are short: what one answer may hold of them. Two partitions of 32 GiB do fit. */
  static final long MOST_PROOF_BYTES = 128L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(WindowPostRun.class);

  private final ActorId miner;
  private final ChainNode chain;
  private final ProvingChain proving;
  private final SectorProver prover;

  /** Each holds its proofs in memory. */
  private final Semaphore oneAtATime = new Semaphore(1, true);

  public WindowPostRun(ActorId miner, ChainNode chain, ProvingChain proving, SectorProver prover) {
    this.miner = miner;
    this.chain = chain;
    this.proving = proving;
    this.prover = prover;
  }

  /**
   * Computes the proofs of a deadline.
   *
   * @param deadline its index, unsigned
   * @param tipSet the head, or nothing
   */
  List<WindowPost> compute(long deadline, @Nullable List<Cid> tipSet)
      throws RpcFault, InterruptedException {
    oneAtATime.acquire();
    try {
      return run(deadline, tipSet);
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    } finally {
      oneAtATime.release();
    }
  }

  private List<WindowPost> run(long deadline, @Nullable List<Cid> tipSet)
      throws ChainFault, RpcFault, InterruptedException {
    if (tipSet != null && !tipSet.isEmpty() && !tipSet.equals(chain.head().cids())) {
      throw new RpcFault(
          "loading tipset " + tipSet + ": the chain keeps the state of its head only");
    }
    PeriodOnChain period = proving.period();
    if (Long.compareUnsigned(deadline, period.deadlines()) >= 0) {
      throw new RpcFault(
          "getting partitions: failed to load the deadline: invalid deadline "
              + Long.toUnsignedString(deadline));
    }
    Randomness randomness = randomness(period, deadline);
    SectorSize size = chain.minerInfo(miner).sectorSize();
    RegisteredPoStProof type = RegisteredPoStProof.of(size, Kind.WINDOW_V1_1);
    TreeMap<Long, List<ProvenSector>> partitions = new TreeMap<>();
    for (ProvenSector sector : proving.sectorsOf((int) deadline)) {
      partitions.computeIfAbsent(sector.place().partition(), _ -> new ArrayList<>()).add(sector);
    }
    requireRoom(deadline, partitions, type);
    List<WindowPost> posts = new ArrayList<>();
    List<Map.Entry<Long, List<ProvenSector>>> all = List.copyOf(partitions.entrySet());
    for (int from = 0; from < all.size(); from += MOST_PARTITIONS) {
      Batch batch = new Batch(type, randomness);
      for (var each : all.subList(from, Math.min(all.size(), from + MOST_PARTITIONS))) {
        batch.prove(each.getKey(), each.getValue());
      }
      batch.post(deadline).ifPresent(posts::add);
    }
    return List.copyOf(posts);
  }

  /** Of the window that is open, or was last, in this deadline. */
  private Randomness randomness(PeriodOnChain period, long deadline) throws RpcFault {
    long behind = Math.floorMod(period.index() - deadline, (long) period.deadlines());
    long challenge = period.challenge() - behind * (period.close() - period.open());
    byte[] entropy = new DagCborWriter().address(Address.ofId(miner)).toByteArray();
    try {
      return chain.beaconRandomness(
          RandomnessTag.WINDOW_POST_CHALLENGE, new ChainEpoch(challenge), entropy);
    } catch (ChainFault fault) {
      throw new RpcFault(
          "failed to get chain randomness from beacon for window post (ts=%d; deadline=%d): %s"
              .formatted(period.height(), deadline, fault.getMessage()));
    }
  }

  private static void requireRoom(
      long deadline, Map<Long, List<ProvenSector>> partitions, RegisteredPoStProof type)
      throws RpcFault {
    long live =
        partitions.values().stream().flatMap(List::stream).filter(ProvenSector::live).count();
    long bytes = live * PostProofBytes.bytesPerSector(type);
    if (bytes > MOST_PROOF_BYTES) {
      throw new RpcFault(
          "the proofs of the %d sectors of deadline %d take %d bytes, the limit is %d"
              .formatted(live, deadline, bytes, MOST_PROOF_BYTES));
    }
  }

  /** The partitions of one message. */
  private final class Batch {
    private final RegisteredPoStProof type;
    private final Randomness randomness;
    private final List<PostPartition> partitions = new ArrayList<>();
    private final TreeMap<SectorId, SectorPostProof> proofs = new TreeMap<>();

    Batch(RegisteredPoStProof type, Randomness randomness) {
      this.type = type;
      this.randomness = randomness;
    }

    void prove(long index, List<ProvenSector> members) throws InterruptedException {
      List<Challenged> asked =
          members.stream().filter(ProvenSector::live).map(this::challenged).toList();
      List<Outcome> outcomes = prover.proveAll(asked, ProvableCheck.ALL_SECTORS);
      List<Long> skipped = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        SectorId sector = asked.get(i).sector();
        switch (outcomes.get(i)) {
          case Outcome.Proven(SectorPostProof proof) -> proofs.put(sector, proof);
          case Outcome.Unprovable(String reason) -> {
            LOG.warn("window proof skips {}: {}", sector, reason);
            skipped.add(sector.number().value());
          }
        }
      }
      if (skipped.size() < asked.size()) {
        long[] numbers = skipped.stream().mapToLong(Long::longValue).toArray();
        partitions.add(new PostPartition(index, BitField.of(numbers)));
      }
    }

    private Challenged challenged(ProvenSector sector) {
      SectorId id = new SectorId(miner, sector.info().number());
      Commitment commR = sector.info().sealedCid().commitment().orElseThrow();
      long[] nodes = PostChallenges.nodes(type, randomness, id.number(), 0);
      return new Challenged(id, Replica.SEALED, type.sectorSize(), commR, nodes);
    }

    /** The message; none if there is nothing that can be proven. */
    Optional<WindowPost> post(long deadline) {
      if (proofs.isEmpty()) {
        return Optional.empty();
      }
      byte[] bytes = PostProofBytes.toBincode(type, List.copyOf(proofs.values()));
      return Optional.of(
          new WindowPost(
              deadline,
              List.copyOf(partitions),
              List.of(new PostProof(type.number(), bytes)),
              0,
              null));
    }
  }
}
