package io.selkie.node;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.chain.ProviderDeal;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DealProposal;
import io.selkie.rpc.api.MarketApi;
import io.selkie.rpc.api.MarketDeal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This miner's deals on chain. Thread-safe. */
final class MarketService implements MarketApi {

  /** What the chain shows for an epoch that has not come. */
  private static final long NOT_YET = -1;

  /** Where deals are looked up. */
  @FunctionalInterface
  public interface Deals {
    List<ProviderDeal> list() throws ChainFault;
  }

  private final Deals deals;

  MarketService(Deals deals) {
    this.deals = deals;
  }

  @Override
  public @Nullable List<MarketDeal> marketListDeals() throws RpcFault {
    try {
      List<MarketDeal> found = deals.list().stream().map(MarketService::wire).toList();
      return found.isEmpty() ? null : found;
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  private static MarketDeal wire(ProviderDeal found) {
    DealOnChain deal = found.deal();
    return new MarketDeal(
        new DealProposal(
            Cid.ofUnsealed(deal.piece().commP()),
            deal.piece().size().bytes(),
            deal.verified(),
            Address.ofId(deal.client()),
            Address.ofId(deal.provider()),
            deal.label(),
            deal.startEpoch().value(),
            deal.endEpoch().value(),
            deal.pricePerEpoch(),
            deal.providerCollateral(),
            deal.clientCollateral()),
        new MarketDeal.DealState(
            found.sector().map(each -> each.value()).orElse(0L),
            deal.activatedAt().map(each -> each.value()).orElse(NOT_YET),
            NOT_YET,
            NOT_YET));
  }
}
