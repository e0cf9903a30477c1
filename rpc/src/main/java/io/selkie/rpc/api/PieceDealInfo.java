package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a piece is in a sector: a deal of the market actor, or a piece brought on chain directly.
 *
 * @param publishCid the message that published the deal
 * @param dealId the deal's number, 0 without one
 * @param dealProposal the deal
 * @param dealSchedule from when until when
 * @param pieceActivationManifest the direct form
 * @param keepUnsealed whether an unsealed copy is kept
 */
@Wire(type = "piece.PieceDealInfo")
public record PieceDealInfo(
    @Nullable Cid publishCid,
    @Wire(name = "DealID", type = "abi.DealID") long dealId,
    @Nullable DealProposal dealProposal,
    DealSchedule dealSchedule,
    @Nullable PieceActivationManifest pieceActivationManifest,
    boolean keepUnsealed) {

  /** A piece brought on chain directly, without allocation and notifications. */
  public static PieceDealInfo direct(WirePiece piece, DealSchedule schedule, boolean keepUnsealed) {
    return new PieceDealInfo(
        null,
        0,
        null,
        schedule,
        new PieceActivationManifest(piece.pieceCid(), piece.size(), null, null),
        keepUnsealed);
  }

  /** Whether this is a deal of the market actor, complete or not. */
  public boolean isMarketDeal() {
    return publishCid != null || dealId != 0 || dealProposal != null;
  }

  /**
   * What is wrong with it, in the reference's words; empty if it is valid: exactly one of the two
   * kinds, and a schedule that begins after genesis and ends after its beginning.
   */
  public Optional<String> fault() {
    long start = dealSchedule.startEpoch();
    long end = dealSchedule.endEpoch();
    boolean completeDeal = publishCid != null && dealId != 0 && dealProposal != null;
    if (completeDeal && pieceActivationManifest != null) {
      return Optional.of("piece deal info has both legacy deal info and piece activation manifest");
    }
    if (!completeDeal && pieceActivationManifest == null) {
      return Optional.of(
          "piece deal info has neither legacy deal info nor piece activation manifest");
    }
    if (start <= 0) {
      return Optional.of("invalid deal start epoch " + start);
    }
    if (end <= 0) {
      return Optional.of("invalid deal end epoch " + end);
    }
    if (end <= start) {
      return Optional.of("invalid deal end epoch " + end + " (start " + start + ")");
    }
    return Optional.empty();
  }
}
