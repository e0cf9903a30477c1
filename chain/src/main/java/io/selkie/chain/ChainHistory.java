package io.selkie.chain;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.DagCborReader;
import io.selkie.abi.DealId;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.SectorNumber;
import io.selkie.chain.ChainState.Block;
import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.Receipt;
import io.selkie.pipeline.ChainNode.DealOnChain;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a miner's past from the messages on chain, one message in memory at a time. */
final class ChainHistory {

  private final ChainState state;
  private final Miner miner;
  private final SortedMap<SectorNumber, SectorHistory> sectors = new TreeMap<>();
  private final Map<DealId, Cid> published = new HashMap<>();

  private ChainHistory(ChainState state, Miner miner) {
    this.state = state;
    this.miner = miner;
  }

  /** What was pre-committed and proven, by sector. */
  static SortedMap<SectorNumber, SectorHistory> sectors(ChainState state, Miner miner)
      throws SQLException {
    ChainHistory history = new ChainHistory(state, miner);
    history.read();
    return history.sectors;
  }

  /** The miner's deals, by their numbers. */
  static List<ProviderDeal> deals(ChainState state, Miner miner) throws SQLException {
    ChainHistory history = new ChainHistory(state, miner);
    history.read();
    List<ProviderDeal> deals = new ArrayList<>();
    List<DealOnChain> all =
        state
            .sql()
            .list(
                "SELECT * FROM deal WHERE provider = ? ORDER BY id",
                ChainState::readDeal,
                miner.id().value());
    for (DealOnChain deal : all) {
      Cid message = history.published.get(deal.id());
      if (message == null) {
        throw new SQLException("no message published deal " + deal.id());
      }
      deals.add(new ProviderDeal(deal, message, sectorOf(state, deal.id())));
    }
    return List.copyOf(deals);
  }

  private static Optional<SectorNumber> sectorOf(ChainState state, DealId deal)
      throws SQLException {
    return state
        .sql()
        .first(
            "SELECT sector FROM deal WHERE id = ? AND sector IS NOT NULL",
            row -> new SectorNumber(row.getLong(1)),
            deal.value());
  }

  private void read() throws SQLException {
    List<Cid> succeeded =
        state
            .sql()
            .list(
                "SELECT cid FROM message WHERE exit_code = 0 ORDER BY height, seq",
                row -> Cid.ofBytes(row.getBytes(1)));
    for (Cid cid : succeeded) {
      ChainMessage message = ChainMessage.decode(state.messageBlock(cid));
      if (!message.from().equals(Address.ofId(miner.worker()))) {
        continue;
      }
      Receipt receipt = state.receipt(cid).orElseThrow();
      if (message.to().equals(MarketActor.ADDRESS) && message.method() == MarketActor.PUBLISH) {
        DagCborReader in = new DagCborReader(receipt.returned());
        in.tuple(1);
        published.put(new DealId(in.natural()), cid);
      } else if (message.to().equals(Address.ofId(miner.id()))) {
        sectors(cid, message, receipt.block());
      }
    }
  }

  private void sectors(Cid cid, ChainMessage message, Block block) {
    if (message.method() == PreCommitSectorBatch2Params.METHOD) {
      for (PreCommitSectorBatch2Params.Sector promised :
          PreCommitSectorBatch2Params.decode(message.params()).sectors()) {
        SectorHistory.PreCommitted taken =
            new SectorHistory.PreCommitted(
                cid, block.tipSet().cids(), block.tipSet().height(), promised);
        sectors.put(promised.number(), known(promised.number()).with(taken));
      }
    } else if (message.method() == ProveCommitSectors3Params.METHOD) {
      ProveCommitSectors3Params.decode(message.params())
          .activations()
          .forEach(each ->
              sectors.put(
                  each.number(),
                  known(each.number()).with(new SectorHistory.Proven(cid, each.pieces()))));
    }
  }

  private SectorHistory known(SectorNumber number) {
    SectorHistory known = sectors.get(number);
    return known == null ? new SectorHistory(number, Optional.empty(), Optional.empty()) : known;
  }

  /** The deal that this message published; empty if it did not, or failed, or is not on chain. */
  static Optional<DealId> published(ChainState state, Cid cid) throws SQLException {
    Optional<Receipt> receipt = state.receipt(cid).filter(r -> r.exitCode() == 0);
    if (receipt.isEmpty()) {
      return Optional.empty();
    }
    ChainMessage message = ChainMessage.decode(state.messageBlock(cid));
    if (!message.to().equals(MarketActor.ADDRESS) || message.method() != MarketActor.PUBLISH) {
      return Optional.empty();
    }
    DagCborReader in = new DagCborReader(receipt.get().returned());
    in.tuple(1);
    return Optional.of(new DealId(in.natural()));
  }

  /** The proof of a sector that this message carried. */
  static Optional<byte[]> proof(ChainState state, Cid cid, SectorNumber number)
      throws SQLException {
    ChainMessage message = ChainMessage.decode(state.messageBlock(cid));
    if (message.method() != ProveCommitSectors3Params.METHOD) {
      return Optional.empty();
    }
    ProveCommitSectors3Params params = ProveCommitSectors3Params.decode(message.params());
    for (int i = 0; i < params.activations().size(); i++) {
      if (params.activations().get(i).number().equals(number)) {
        return Optional.of(params.proofs().get(i));
      }
    }
    return Optional.empty();
  }
}
