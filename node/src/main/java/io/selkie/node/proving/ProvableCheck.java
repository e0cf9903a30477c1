package io.selkie.node.proving;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.node.proving.SectorProver.Challenged;
import io.selkie.node.proving.SectorProver.Outcome;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorStatus;
import io.selkie.proofs.post.PostChallenges;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.storage.ReplicaProofs.Replica;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Whether sectors could be proven now: a vanilla proof of each over random challenges, made and
 * verified (lotus storage/sealer/faults.go). Thread-safe.
 */
public final class ProvableCheck {

  /** For all of a call, as in the reference ({@code [Proving] PartitionCheckTimeout}). */
  static final Duration ALL_SECTORS = Duration.ofMinutes(20);

  private final SectorPipeline pipeline;
  private final SectorProver prover;
  private final RandomGenerator random;
  private final Duration allSectors;

  public ProvableCheck(SectorPipeline pipeline, SectorProver prover, RandomGenerator random) {
    this(pipeline, prover, random, ALL_SECTORS);
  }

  /**
   * @param random chooses the challenges
   * @param allSectors how long a sector may wait until it is its turn
   */
  public ProvableCheck(
      SectorPipeline pipeline, SectorProver prover, RandomGenerator random, Duration allSectors) {
    this.pipeline = pipeline;
    this.prover = prover;
    this.random = random;
    this.allSectors = allSectors;
  }

  /** A sector's replica and what it is held to. */
  private record Sealed(SectorId sector, Replica replica, Commitment commR) {

    Challenged challenged(RegisteredPoStProof type, Randomness randomness) {
      long[] nodes = PostChallenges.nodes(type, randomness, sector.number(), 0);
      return new Challenged(sector, replica, type.sectorSize(), commR, nodes);
    }
  }

  /** What a sector is held to, or why that cannot be said. */
  private sealed interface Found {
    record Known(Sealed sealed) implements Found {}

    record Unknown(String reason) implements Found {}
  }

  /** The sectors among these that cannot be proven, by number, held to what their records say. */
  Map<Long, String> bad(long proofType, List<SectorRef> sectors)
      throws RpcFault, InterruptedException {
    Map<Long, String> bad = new TreeMap<>(Long::compareUnsigned);
    Map<Long, Sealed> known = new LinkedHashMap<>();
    for (SectorRef each : sectors) {
      switch (recorded(each.id())) {
        case Found.Known(Sealed sealed) -> known.put(each.id().number(), sealed);
        case Found.Unknown(String reason) -> bad.put(each.id().number(), reason);
      }
    }
    bad.putAll(unprovable(proofType, known.values()));
    return bad;
  }

  private Found recorded(WireSectorId id) throws RpcFault {
    Optional<SectorStatus> status =
        id.number() < 0 || id.miner() < 0 ? Optional.empty() : status(id.number());
    if (status.isEmpty()) {
      return new Found.Unknown(
          "getting commR: No state for /"
              + Long.toUnsignedString(id.number())
              + ": datastore: key not found");
    }
    SectorRecord record = status.get().record();
    Optional<Cid> upgraded = record.upgrade().message().flatMap(_ -> record.upgrade().newSealed());
    Optional<Commitment> commR =
        upgraded.or(() -> record.preCommit().commR()).flatMap(Cid::commitment);
    if (commR.isEmpty()) {
      return new Found.Unknown("getting commR: commr is nil");
    }
    return new Found.Known(
        new Sealed(
            SectorId.of(id.miner(), id.number()),
            upgraded.isPresent() ? Replica.UPDATED : Replica.SEALED,
            commR.get()));
  }

  private Optional<SectorStatus> status(long number) throws RpcFault {
    try {
      return pipeline.status(new SectorNumber(number));
    } catch (IOException unreadable) {
      throw new RpcFault("the journal: " + unreadable.getMessage());
    }
  }

  private Map<Long, String> unprovable(long proofType, Collection<Sealed> sectors)
      throws InterruptedException {
    Map<Long, String> bad = new HashMap<>();
    RegisteredPoStProof type;
    try {
      type = RegisteredPoStProof.ofNumber(proofType);
    } catch (IllegalArgumentException unknown) {
      String reason = "generating fallback challenges: " + unknown.getMessage();
      sectors.forEach(sealed -> bad.put(sealed.sector().number().value(), reason));
      return bad;
    }
    byte[] drawn = new byte[Randomness.LENGTH];
    random.nextBytes(drawn);
    Randomness randomness = new Randomness(drawn);
    List<Challenged> challenged =
        sectors.stream().map(sealed -> sealed.challenged(type, randomness)).toList();
    List<Outcome> outcomes = prover.proveAll(challenged, allSectors);
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Unprovable(String reason)) {
        bad.put(challenged.get(i).sector().number().value(), reason);
      }
    }
    return bad;
  }
}
