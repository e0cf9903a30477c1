package io.selkie.node.sectors;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SealSeed;
import io.selkie.rpc.api.SealTicket;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLog;
import io.selkie.rpc.api.SectorPiece;
import io.selkie.rpc.api.WirePiece;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sector's record as {@code SectorsStatus} shows it.
 *
 * @param deals how deal infos are written
 */
public record SectorWire(DealWire deals) {

  /**
   * The 24 members.
   *
   * @param number the number asked for
   * @param onChain what the chain says, if it was asked and knows the sector
   * @param expiration the scheduled expiration, if it could be told
   */
  public SectorInfo info(
      long number,
      SectorRecord record,
      List<LogLine> log,
      Optional<SectorOnChain> onChain,
      Optional<SectorExpiration> expiration) {
    List<SectorPiece> pieces = record.pieces().stream().map(this::piece).toList();
    return new SectorInfo(
        number,
        record.state(),
        record.preCommit().commD().orElse(null),
        record.preCommit().commR().orElse(null),
        record.commit().proof().map(OpaqueBytes::bytes).orElse(null),
        pieces.stream().map(SectorWire::dealId).toList(),
        pieces,
        new SealTicket(value(record.ticket()), epoch(record.ticket())),
        new SealSeed(value(record.commit().seed()), epoch(record.commit().seed())),
        record.preCommit().message().orElse(null),
        record.commit().message().orElse(null),
        record.failures().invalidProofs(),
        false,
        record.upgrade().message().orElse(null),
        record.lastError(),
        log.stream()
            .map(
                each -> new SectorLog(each.kind(), each.timestampS(), each.trace(), each.message()))
            .toList(),
        onChain.map(SectorOnChain::proof).orElse(record.sealProof()).number(),
        onChain.map(SectorOnChain::activation).orElse(ChainEpoch.ZERO).value(),
        onChain.map(SectorOnChain::expiration).orElse(ChainEpoch.ZERO).value(),
        onChain.map(SectorOnChain::dealWeight).orElse(TokenAmount.ZERO),
        onChain.map(SectorOnChain::verifiedDealWeight).orElse(TokenAmount.ZERO),
        onChain.map(SectorOnChain::initialPledge).orElse(TokenAmount.ZERO),
        expiration.map(SectorExpiration::onTime).orElse(ChainEpoch.ZERO).value(),
        expiration.map(SectorExpiration::early).orElse(ChainEpoch.ZERO).value());
  }

  /** Info that is not valid shows as none (sectors-api 4.5). */
  private SectorPiece piece(io.selkie.pipeline.SectorPiece from) {
    @Nullable PieceDealInfo info =
        from.dealInfo().filter(deal -> deal.problem().isEmpty()).map(deals::toWire).orElse(null);
    return new SectorPiece(
        new WirePiece(from.piece().size().bytes(), Cid.ofUnsealed(from.piece().commP())), info);
  }

  private static long dealId(SectorPiece piece) {
    PieceDealInfo info = piece.dealInfo();
    return info == null ? 0 : info.dealId();
  }

  private static byte @Nullable [] value(Optional<Drawn> drawn) {
    return drawn.map(each -> each.value().bytes()).orElse(null);
  }

  private static long epoch(Optional<Drawn> drawn) {
    return drawn.map(Drawn::epoch).orElse(ChainEpoch.ZERO).value();
  }
}
