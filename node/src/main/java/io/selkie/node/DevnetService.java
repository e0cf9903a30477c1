package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.DealProposal;
import io.selkie.chain.Devnet;
import io.selkie.chain.PublishedDeal;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DealSchedule;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.PieceDealInfo;
import org.jspecify.annotations.Nullable;

/** A client's part on the devnet: deals. Thread-safe. */
final class DevnetService implements DevnetApi {

  /** Who buys storage on the devnet. */
  private static final ActorId CLIENT = new ActorId(1001);

  /** Room for sealing before a deal must be proven; above the miner's own buffer of 480 epochs. */
  private static final long START_AFTER_EPOCHS = 2880;

  /** The market's shortest deal, 180 days (go-state-types builtin/market, policy). */
  private static final long MIN_DURATION_EPOCHS = 518_400;

  private final Devnet devnet;
  private final ActorId miner;

  DevnetService(Devnet devnet, ActorId miner) {
    this.devnet = devnet;
    this.miner = miner;
  }

  @Override
  public long chainHeight() throws RpcFault {
    try {
      return devnet.head().height().value();
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  @Override
  public PieceDealInfo devnetPublishDeal(
      @Nullable Cid pieceCid, long size, String label, long startEpoch, long endEpoch)
      throws RpcFault {
    if (pieceCid == null) {
      throw new RpcFault("publishing a deal: it needs the CID of a piece");
    }
    try {
      Commitment commP =
          pieceCid
              .commitment()
              .orElseThrow(() -> new IllegalArgumentException(pieceCid + " is no piece CID"));
      long start = startEpoch != 0 ? startEpoch : chainHeight() + START_AFTER_EPOCHS;
      long end = endEpoch != 0 ? endEpoch : start + MIN_DURATION_EPOCHS;
      PublishedDeal published =
          devnet.publishDeal(
              new DealProposal(
                  CLIENT,
                  miner,
                  new PieceInfo(new PaddedPieceSize(size), commP),
                  false,
                  label,
                  new ChainEpoch(start),
                  new ChainEpoch(end),
                  TokenAmount.ZERO));
      return dealInfo(published);
    } catch (IllegalArgumentException refused) {
      throw new RpcFault("publishing a deal: " + refused.getMessage());
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  private PieceDealInfo dealInfo(PublishedDeal published) throws ChainFault {
    DealOnChain deal =
        devnet
            .deal(published.id())
            .orElseThrow(() ->
                new IllegalStateException("deal " + published.id() + " was published and is gone"));
    io.selkie.rpc.api.DealProposal proposal =
        new io.selkie.rpc.api.DealProposal(
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
            deal.clientCollateral());
    return new PieceDealInfo(
        published.publishMessage(),
        published.id().value(),
        proposal,
        new DealSchedule(deal.startEpoch().value(), deal.endEpoch().value()),
        null,
        false);
  }
}
