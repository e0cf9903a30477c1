package io.selkie.pipeline;

import io.selkie.abi.DealId;
import io.selkie.abi.PieceInfo;
import io.selkie.pipeline.ChainNode.DealOnChain;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the numbers of deals by the messages that published them. */
final class DealSearch {

  private DealSearch() {}

  /**
   * New numbers of the deals whose recorded number is not theirs, by piece.
   *
   * @return empty unless every one of them was found
   */
  static Optional<SortedMap<Integer, DealId>> byPublishMessage(
      SectorRecord sector, SealingServices services) throws ChainFault {
    SortedMap<Integer, DealId> found = new TreeMap<>();
    for (int i = 0; i < sector.pieces().size(); i++) {
      SectorPiece piece = sector.pieces().get(i);
      Optional<PieceDealInfo> info = piece.dealInfo().filter(PieceDealInfo::isMarketDeal);
      if (info.isEmpty() || isOf(piece.piece(), info.get().dealId(), services)) {
        continue;
      }
      Optional<DealId> other = search(piece.piece(), info.get(), services);
      if (other.isEmpty() || found.containsValue(other.get())) {
        return Optional.empty();
      }
      found.put(i, other.get());
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  private static Optional<DealId> search(
      PieceInfo piece, PieceDealInfo info, SealingServices services) throws ChainFault {
    if (info.publishCid().isEmpty()) {
      return Optional.empty();
    }
    for (DealId id : services.chain().dealsOf(info.publishCid().get())) {
      if (isOf(piece, id, services)) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(PieceInfo piece, DealId id, SealingServices services)
      throws ChainFault {
    Optional<DealOnChain> deal = services.chain().deal(id);
    return deal.isPresent()
        && deal.get().provider().equals(services.miner())
        && deal.get().piece().equals(piece);
  }
}
