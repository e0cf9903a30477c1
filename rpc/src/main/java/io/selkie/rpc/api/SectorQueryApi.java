package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;

/**
 * Questions about many sectors at once; beyond what the reference answers.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, a state that does not
 * exist among it, and may be interrupted when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface SectorQueryApi {

  /**
   * The sectors that fit, by number, page by page.
   *
   * @param cursor of the page before; empty to begin
   * @param limit how many at most, up to 10,000; 0 for 100
   * @param fields the members wanted; none for those that need neither chain nor storage
   */
  @RpcMethod(Permission.READ)
  SectorPage sectorsQuery(
      SectorQuery query,
      @Wire(type = "string") String cursor,
      @Wire(type = "int") long limit,
      @Wire(type = "[]string") List<String> fields)
      throws RpcFault, InterruptedException;

  /**
   * How many sectors fit, by groups; those with several deals, pieces or paths count in each.
   *
   * @param groupBy any of State, Deal, PieceCID, Expiration (the first epoch of its day), Path, Age
   *     (whole days), LastError, SealProof; none counts all together
   */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]selkie.SectorGroup")
  List<SectorGroup> sectorsCount(SectorQuery query, @Wire(type = "[]string") List<String> groupBy)
      throws RpcFault, InterruptedException;

  /**
   * What ends when, of the sectors that fit and live on chain.
   *
   * @param per {@code day} or {@code week}
   * @param whatIf what is to be supposed
   */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]selkie.ForecastBucket")
  List<ForecastBucket> sectorsForecast(
      SectorQuery query,
      @Wire(type = "string") String per,
      @Wire(type = "[]selkie.WhatIf") List<WhatIf> whatIf)
      throws RpcFault, InterruptedException;
}
