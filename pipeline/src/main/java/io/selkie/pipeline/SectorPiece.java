package io.selkie.pipeline;

import io.selkie.abi.PieceInfo;
import java.util.Optional;

/**
 * A piece of a sector: client data, or zeros that fill a gap.
 *
 * @param piece its size and commitment
 * @param dealInfo what is known of the data; empty for a filler
 */
public record SectorPiece(PieceInfo piece, Optional<PieceDealInfo> dealInfo) {

  /** Zeros. */
  public static SectorPiece filler(PieceInfo piece) {
    return new SectorPiece(piece, Optional.empty());
  }

  /** What the API shows of the data: nothing if it is of neither kind of deal. */
  public Optional<PieceDealInfo> validDealInfo() {
    return dealInfo.filter(info -> info.problem().isEmpty());
  }

  /** Whether it holds client data. */
  public boolean hasDeal() {
    return dealInfo.isPresent();
  }
}
