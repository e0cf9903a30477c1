package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.Map;

/**
 * The past, made again from what was recorded; beyond what the reference answers.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface SectorHistoryApi {

  /** A sector as it was at a point of its log. */
  @RpcMethod(Permission.READ)
  PastSector sectorHistory(@Wire(type = "abi.SectorNumber") long sector, HistoryPoint point)
      throws RpcFault, InterruptedException;

  /** What became of a sector between two points of its log. */
  @RpcMethod(Permission.READ)
  SectorDifference sectorDifference(
      @Wire(type = "abi.SectorNumber") long sector, HistoryPoint from, HistoryPoint to)
      throws RpcFault, InterruptedException;

  /** How many sectors were in each state; the sequence is an offset of the change feed. */
  @RpcMethod(Permission.READ)
  @Wire(type = "map[api.SectorState]int")
  Map<String, Long> sectorsSummaryAt(HistoryPoint point) throws RpcFault, InterruptedException;
}
