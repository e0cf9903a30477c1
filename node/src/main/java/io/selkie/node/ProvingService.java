package io.selkie.node;

import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorStatus;
import io.selkie.rpc.ExtendedSectorInfo;
import io.selkie.rpc.PostProof;
import io.selkie.rpc.ProvingApi;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorRef;
import io.selkie.rpc.WindowPost;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Proofs over time, as far as there are any: sectors are checked for what a proof would need;
 * proofs of spacetime are not computed yet. Thread-safe.
 */
final class ProvingService implements ProvingApi {

  private static final Set<SectorFileType> REPLICA =
      EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE);

  private final SectorPipeline pipeline;
  private final ChainNode chain;
  private final SectorIndex index;
  private final SectorLocks locks;

  ProvingService(SectorPipeline pipeline, ChainNode chain, SectorIndex index, SectorLocks locks) {
    this.pipeline = pipeline;
    this.chain = chain;
    this.index = index;
    this.locks = locks;
  }

  @Override
  public Map<Long, String> checkProvable(long proofType, List<SectorRef> sectors) throws RpcFault {
    Map<Long, String> bad = new TreeMap<>(Long::compareUnsigned);
    for (SectorRef each : sectors) {
      objection(each).ifPresent(reason -> bad.put(each.id().number(), reason));
    }
    return bad;
  }

  private Optional<String> objection(SectorRef sector) throws RpcFault {
    long number = sector.id().number();
    Optional<SectorStatus> status =
        number < 0 ? Optional.empty() : status(new SectorNumber(number));
    if (status.isEmpty()) {
      return Optional.of(
          "getting commR: No state for /"
              + Long.toUnsignedString(number)
              + ": datastore: key not found");
    }
    if (status.get().record().preCommit().commR().isEmpty()) {
      return Optional.of("getting commR: commr is nil");
    }
    SectorId id = SectorId.of(sector.id().miner(), number);
    Optional<SectorLocks.Held> held = locks.tryLock(id, REPLICA, Set.of());
    if (held.isEmpty()) {
      return Optional.of("can't acquire read lock");
    }
    try (SectorLocks.Held _ = held.get()) {
      for (SectorFileType type : REPLICA) {
        if (index.find(id, EnumSet.of(type)).isEmpty()) {
          return Optional.of(
              "generating vanilla proof: no " + type.directoryName() + " file of " + id);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<SectorStatus> status(SectorNumber number) throws RpcFault {
    try {
      return pipeline.status(number);
    } catch (IOException unreadable) {
      throw new RpcFault("the journal: " + unreadable.getMessage());
    }
  }

  @Override
  public List<Cid> recoverFault(List<Long> sectors) throws RpcFault {
    for (long number : sectors) {
      try {
        if (number < 0 || chain.sectorPlace(pipeline.miner(), new SectorNumber(number)).isEmpty()) {
          throw new RpcFault(
              "sectors "
                  + Long.toUnsignedString(number)
                  + " not found in the sector list for miner");
        }
      } catch (ChainFault fault) {
        throw Faults.ofChain(fault);
      }
    }
    throw new RpcFault("declaring recoveries is not supported yet: no proof of spacetime is sent");
  }

  @Override
  public List<WindowPost> computeWindowPoSt(long deadline, @Nullable List<Cid> tipSet)
      throws RpcFault {
    throw noPost();
  }

  @Override
  public List<PostProof> computeProof(
      List<ExtendedSectorInfo> sectors,
      byte @Nullable [] randomness,
      long epoch,
      long networkVersion)
      throws RpcFault {
    throw noPost();
  }

  private static RpcFault noPost() {
    return new RpcFault("proofs of spacetime are not computed here yet");
  }
}
