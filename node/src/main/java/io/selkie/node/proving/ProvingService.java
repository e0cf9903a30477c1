package io.selkie.node.proving;

import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ExtendedSectorInfo;
import io.selkie.rpc.api.PostProof;
import io.selkie.rpc.api.ProvingApi;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WindowPost;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Proofs over time. Thread-safe. */
public final class ProvingService implements ProvingApi {

  private final ProvableCheck provable;
  private final WindowPostRun windows;
  private final WinningPost winning;
  private final FaultRecovery recovery;

  public ProvingService(
      ProvableCheck provable, WindowPostRun windows, WinningPost winning, FaultRecovery recovery) {
    this.provable = provable;
    this.windows = windows;
    this.winning = winning;
    this.recovery = recovery;
  }

  @Override
  public Map<Long, String> checkProvable(long proofType, List<SectorRef> sectors)
      throws RpcFault, InterruptedException {
    return provable.bad(proofType, sectors);
  }

  @Override
  public List<Cid> recoverFault(List<Long> sectors) throws RpcFault {
    return recovery.recover(sectors);
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
