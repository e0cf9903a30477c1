package io.selkie.chain;

import static io.selkie.chain.ActorAbort.require;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborException;
import io.selkie.abi.DagCborReader;
import io.selkie.abi.DealId;
import io.selkie.abi.ProveCommitSectors3Params.Allocation;
import io.selkie.abi.ProveCommitSectors3Params.Notification;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * The market actor, f05: hears of the pieces of proven sectors and knows which deal they fulfil
 * (FIP-0076, SectorContentChanged). The devnet keeps no allocations of its own: a verified deal is
 * its own allocation, under its number.
 */
final class MarketActor {

  static final Address ADDRESS = Address.ofId(5);

  /** PublishStorageDeals. */
  static final long PUBLISH = 4;

  private MarketActor() {}

  /**
   * Checks that a piece fulfils the deal that a notification names, and adds it to {@code deals}.
   *
   * @return whether the deal is verified
   * @throws ActorAbort if it is refused
   */
  static boolean accept(
      Execution x,
      ActorId miner,
      PreCommitOnChain sector,
      Piece piece,
      Notification notification,
      Set<DealId> deals)
      throws ActorAbort, SQLException {
    require(
        notification.to().equals(ADDRESS),
        "notification to " + notification.to() + ", only the market actor is told");
    DealId id = dealId(notification.payload());
    DealOnChain deal = unactivated(x, miner, piece, id);
    require(
        deal.endEpoch().value() <= sector.expiration().value(),
        "deal " + id + " ends at " + deal.endEpoch() + ", its sector at " + sector.expiration());
    require(deals.add(id), "deal " + id + " twice in one sector");
    return deal.verified();
  }

  /** Checks that a piece may claim an allocation. */
  static void checkAllocation(Execution x, ActorId miner, Piece piece, Allocation allocation)
      throws ActorAbort, SQLException {
    require(allocation.id() >= 0, "no allocation " + Long.toUnsignedString(allocation.id()));
    DealOnChain deal = unactivated(x, miner, piece, new DealId(allocation.id()));
    require(
        deal.verified() && deal.client().equals(allocation.client()),
        "allocation " + allocation.id() + " is not one of client " + allocation.client());
  }

  /** Whether nothing more can become of a deal: it was not started in time, or it is over. */
  static boolean isOver(DealOnChain deal, long epoch) {
    return epoch >= deal.endEpoch().value()
        || (deal.activatedAt().isEmpty() && epoch > deal.startEpoch().value());
  }

  private static DealOnChain unactivated(Execution x, ActorId miner, Piece piece, DealId id)
      throws ActorAbort, SQLException {
    DealOnChain deal =
        x.state()
            .deal(id)
            .orElseThrow(() -> new ActorAbort(ExitCode.USR_NOT_FOUND, "no deal " + id));
    Optional<Commitment> commP = piece.cid().commitment();
    require(deal.provider().equals(miner), "deal " + id + " is with " + deal.provider());
    require(
        commP.isPresent()
            && commP.get().equals(deal.piece().commP())
            && piece.size().equals(deal.piece().size()),
        "deal " + id + " is about another piece");
    Optional<ChainEpoch> activated = deal.activatedAt();
    require(activated.isEmpty(), "deal " + id + " was activated already");
    require(
        x.epoch() <= deal.startEpoch().value(),
        "deal " + id + " had to start at " + deal.startEpoch() + ", now " + x.epoch());
    return deal;
  }

  private static DealId dealId(byte[] payload) throws ActorAbort {
    try {
      DagCborReader in = new DagCborReader(payload);
      DealId id = new DealId(in.natural());
      in.end();
      return id;
    } catch (DagCborException e) {
      ActorAbort abort =
          new ActorAbort(
              ExitCode.USR_SERIALIZATION, "payload of a notification: " + e.getMessage());
      abort.initCause(e);
      throw abort;
    }
  }
}
