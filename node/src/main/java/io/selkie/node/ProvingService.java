package io.selkie.node;

import io.selkie.abi.Cid;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.rpc.ExtendedSectorInfo;
import io.selkie.rpc.PostProof;
import io.selkie.rpc.ProvingApi;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorRef;
import io.selkie.rpc.WindowPost;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Proofs over time. Thread-safe. */
final class ProvingService implements ProvingApi {

  private final SectorPipeline pipeline;
  private final ChainNode chain;
  private final ProvableCheck provable;
  private final WindowPostRun windows;
  private final WinningPost winning;

  ProvingService(
      SectorPipeline pipeline,
      ChainNode chain,
      ProvableCheck provable,
      WindowPostRun windows,
      WinningPost winning) {
    this.pipeline = pipeline;
    this.chain = chain;
    this.provable = provable;
    this.windows = windows;
    this.winning = winning;
  }

  @Override
  public Map<Long, String> checkProvable(long proofType, List<SectorRef> sectors)
      throws RpcFault, InterruptedException {
    return provable.bad(proofType, sectors);
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
      throws RpcFault, InterruptedException {
    return windows.compute(deadline, tipSet);
  }

  /** Epoch and network version change nothing: there is one kind of winning proof for each size. */
  @Override
  public List<PostProof> computeProof(
      List<ExtendedSectorInfo> sectors,
      byte @Nullable [] randomness,
      long epoch,
      long networkVersion)
      throws RpcFault, InterruptedException {
    return winning.compute(sectors, randomness);
  }
}
