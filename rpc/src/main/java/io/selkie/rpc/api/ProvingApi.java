package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proofs over time.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface ProvingApi {

  /** The sectors among these that could not be proven now, and why. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  @Wire(type = "map[abi.SectorNumber]string")
  Map<Long, String> checkProvable(
      @Wire(type = "abi.RegisteredPoStProof") long proofType,
      @Wire(type = "[]storiface.SectorRef") List<SectorRef> sectors)
      throws RpcFault, InterruptedException;

  /** Declares faulty sectors recovered. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  @Wire(type = "[]cid.Cid")
  List<Cid> recoverFault(@Wire(type = "[]abi.SectorNumber") List<Long> sectors)
      throws RpcFault, InterruptedException;

  /** The proofs that a deadline's window asks for; nothing is sent. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  @Wire(type = "[]miner.SubmitWindowedPoStParams")
  List<WindowPost> computeWindowPoSt(
      @Wire(type = "uint64") long deadline,
      @Wire(type = "types.TipSetKey") @Nullable List<Cid> tipSet)
      throws RpcFault, InterruptedException;

  /** A winning proof of these sectors. */
  @RpcMethod(value = Permission.READ, waits = true)
  @Wire(type = "[]proof.PoStProof")
  List<PostProof> computeProof(
      @Wire(type = "[]proof.ExtendedSectorInfo") List<ExtendedSectorInfo> sectors,
      @Wire(type = "abi.PoStRandomness") byte @Nullable [] randomness,
      @Wire(type = "abi.ChainEpoch") long epoch,
      @Wire(type = "network.Version") long networkVersion)
      throws RpcFault, InterruptedException;
}
