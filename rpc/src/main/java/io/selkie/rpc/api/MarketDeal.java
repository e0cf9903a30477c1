package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A deal on chain.
 *
 * @param proposal what was agreed
 * @param state how far it is
 */
@Wire(type = "api.MarketDeal")
public record MarketDeal(DealProposal proposal, DealState state) {

  /**
   * How far a deal is.
   *
   * @param sectorNumber where it lies
   * @param sectorStartEpoch since when, -1 before
   * @param lastUpdatedEpoch when it was settled last, -1 before
   * @param slashEpoch when it was slashed, -1 if never
   */
  @Wire(type = "api.MarketDealState")
  public record DealState(
      @Wire(type = "abi.SectorNumber") long sectorNumber,
      @Wire(type = "abi.ChainEpoch") long sectorStartEpoch,
      @Wire(type = "abi.ChainEpoch") long lastUpdatedEpoch,
      @Wire(type = "abi.ChainEpoch") long slashEpoch) {}
}
