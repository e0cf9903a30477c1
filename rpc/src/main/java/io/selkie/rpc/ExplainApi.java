package io.selkie.rpc;

/** Why a sector is where it is: Selkie's own, beyond what the reference answers. */
@RpcNamespace("Selkie")
public interface ExplainApi {

  /**
   * What a sector does or waits for, since when, where it can go from there and what must happen by
   * when; made of its record and of the table the state machine runs on.
   */
  @RpcMethod(Permission.READ)
  SectorExplanation sectorExplain(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;
}
