package io.selkie.rpc;

import io.selkie.abi.Cid;
import java.util.List;
import java.util.Map;

/**
 * Proofs over time.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface ProvingApi {

  /** The sectors among these that could not be proven now, and why. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "map[abi.SectorNumber]string")
  Map<Long, String> checkProvable(
      @Wire(type = "abi.RegisteredPoStProof") long proofType,
      @Wire(type = "[]storiface.SectorRef") List<SectorRef> sectors)
      throws RpcFault, InterruptedException;

  /** Declares faulty sectors recovered. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]cid.Cid")
  List<Cid> recoverFault(@Wire(type = "[]abi.SectorNumber") List<Long> sectors)
      throws RpcFault, InterruptedException;
}
