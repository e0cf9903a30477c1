package io.selkie.chain;

import static io.selkie.chain.ActorAbort.require;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.PieceLayout;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.pieces.ZeroPieces;
import java.util.ArrayList;
import java.util.List;

/** CommD of a manifest, which leaves the zero pieces out. */
final class UnsealedCommitment {

  private UnsealedCommitment() {}

  /**
   * CommD of pieces in order, zeros between and behind them as alignment demands.
   *
   * @throws ActorAbort if a piece is none, or they do not fit
   */
  static Commitment of(SectorSize sector, List<Piece> pieces) throws ActorAbort {
    List<PieceInfo> all = new ArrayList<>();
    long written = 0;
    for (Piece piece : pieces) {
      require(
          piece.cid().codec() == Cid.FIL_COMMITMENT_UNSEALED
              && piece.cid().commitment().filter(commP -> !commP.isZero()).isPresent(),
          "piece CID " + piece.cid() + " had wrong prefix");
      long size = piece.size().bytes();
      require(size <= sector.bytes(), "piece of " + size + " in a sector of " + sector.bytes());
      written += addZeros(all, PieceLayout.paddingBefore(written, piece.size()));
      require(
          written + size <= sector.bytes(),
          "pieces of " + (written + size) + " in a sector of " + sector.bytes());
      all.add(new PieceInfo(piece.size(), piece.cid().commitment().get()));
      written += size;
    }
    addZeros(all, PieceLayout.fillers(written, sector));
    return DataCommitment.ofPieces(sector, all);
  }

  private static long addZeros(List<PieceInfo> to, List<PaddedPieceSize> sizes) {
    long bytes = 0;
    for (PaddedPieceSize size : sizes) {
      to.add(new PieceInfo(size, ZeroPieces.commitment(size)));
      bytes += size.bytes();
    }
    return bytes;
  }
}
