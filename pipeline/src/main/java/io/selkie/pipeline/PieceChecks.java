package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.PieceInfo;
import io.selkie.pipeline.ChainNode.DealOnChain;
import java.util.Optional;

/** Whether a sector's pieces are still what the chain says of their deals. */
final class PieceChecks {

  /** What the check found. */
  sealed interface Finding {
    /** Nothing wrong. */
    record Good() implements Finding {}

    /** A deal is not the one that was recorded. */
    record InvalidDeals(String why) implements Finding {}

    /** A deal should have been proven by now. */
    record ExpiredDeals(String why) implements Finding {}

    /** The record itself is wrong: only an operator can help. */
    record InvalidPiece(String why) implements Finding {}
  }

  private PieceChecks() {}

  static Finding check(SectorRecord sector, SealingServices services) throws ChainFault {
    return check(sector, services.miner(), services.chain());
  }

  static Finding check(SectorRecord sector, ActorId miner, ChainNode chain) throws ChainFault {
    ChainEpoch head = chain.head().height();
    long offset = 0;
    for (int i = 0; i < sector.pieces().size(); i++) {
      SectorPiece piece = sector.pieces().get(i);
      long size = piece.piece().size().bytes();
      if (offset % size != 0) {
        return new Finding.InvalidPiece(
            "piece " + i + " of " + size + " padded bytes lies at " + offset);
      }
      offset += size;
      Optional<PieceDealInfo> info = piece.dealInfo();
      if (info.isPresent() && info.get().isMarketDeal()) {
        Finding found = checkDeal(i, piece.piece(), info.get(), head, miner, chain);
        if (!(found instanceof Finding.Good)) {
          return found;
        }
      }
    }
    return new Finding.Good();
  }

  private static Finding checkDeal(
      int index,
      PieceInfo piece,
      PieceDealInfo info,
      ChainEpoch head,
      ActorId miner,
      ChainNode chain)
      throws ChainFault {
    String name = "deal " + info.dealId() + " of piece " + index;
    Optional<DealOnChain> found = chain.deal(info.dealId());
    if (found.isEmpty()) {
      return new Finding.InvalidDeals(name + " is not on chain");
    }
    DealOnChain deal = found.get();
    if (!deal.provider().equals(miner)) {
      return new Finding.InvalidDeals(name + " has provider " + deal.provider() + ", not " + miner);
    }
    if (!deal.piece().equals(piece)) {
      return new Finding.InvalidDeals(name + " is for " + deal.piece() + ", not " + piece);
    }
    if (head.compareTo(deal.startEpoch()) >= 0) {
      return new Finding.ExpiredDeals(
          name + " had to be proven before epoch " + deal.startEpoch() + ", head is " + head);
    }
    return new Finding.Good();
  }
}
