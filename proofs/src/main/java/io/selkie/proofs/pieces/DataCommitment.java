package io.selkie.proofs.pieces;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.SectorSize;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * CommD of a sector from the commitments of its pieces, without their data.
 *
 * <p>Pieces stand on a stack of subtrees that grows like a binary counter: before a piece that is
 * larger than the top, zero pieces are pushed until the top has its size; two of one size become
 * one of twice that. Source: rust-fil-proofs, filecoin-proofs pieces.rs (compute_comm_d).
 */
public final class DataCommitment {

  private record Subtree(long bytes, byte[] root) {}

  private final Deque<Subtree> stack = new ArrayDeque<>();

  private DataCommitment() {}

  /**
   * The root over {@code pieces} in order, each aligned to its own size.
   *
   * <p>As in the reference the result is not extended to the sector: if the pieces, with the gaps
   * between them, come to less than the sector, it is the root over that smaller power of two.
   * Callers list the zero pieces at the end. No pieces at all stand for a sector of zeros.
   *
   * @throws IllegalArgumentException if there are more pieces than smallest pieces fit, their sizes
   *     add up to more than the sector, or a commitment is all zero
   */
  public static Commitment ofPieces(SectorSize sector, List<PieceInfo> pieces) {
    if (pieces.isEmpty()) {
      return ZeroPieces.commitment(sector.padded());
    }
    check(sector, pieces);
    return new DataCommitment().compute(sector, pieces);
  }

  private static void check(SectorSize sector, List<PieceInfo> pieces) {
    long most = sector.bytes() / PaddedPieceSize.MIN_BYTES;
    if (pieces.size() > most) {
      throw new IllegalArgumentException(
          pieces.size() + " pieces in a sector of " + sector + ", which takes at most " + most);
    }
    long total = 0;
    for (int i = 0; i < pieces.size(); i++) {
      PieceInfo piece = pieces.get(i);
      if (piece.commP().isZero()) {
        throw new IllegalArgumentException("commitment of piece " + i + " is all zero");
      }
      // The order matters: the sum stays below twice the sector and cannot overflow.
      if (piece.size().bytes() > sector.bytes()) {
        throw new IllegalArgumentException(
            "piece " + i + " of " + piece.size() + " bytes in a sector of " + sector.bytes());
      }
      total += piece.size().bytes();
      if (total > sector.bytes()) {
        throw new IllegalArgumentException(
            "pieces 0 to " + i + " take " + total + " bytes of a sector of " + sector.bytes());
      }
    }
  }

  private Commitment compute(SectorSize sector, List<PieceInfo> pieces) {
    for (PieceInfo piece : pieces) {
      while (!stack.isEmpty() && top().bytes() < piece.size().bytes()) {
        pushZeros(top().bytes());
      }
      push(new Subtree(piece.size().bytes(), piece.commP().bytes()));
    }
    while (stack.size() > 1) {
      pushZeros(top().bytes());
    }
    if (top().bytes() > sector.bytes()) {
      throw new IllegalArgumentException(
          "pieces aligned to their sizes take "
              + top().bytes()
              + " bytes, more than the sector's "
              + sector.bytes());
    }
    return new Commitment(top().root());
  }

  private Subtree top() {
    return stack.element();
  }

  private void pushZeros(long bytes) {
    push(new Subtree(bytes, ZeroPieces.root(bytes)));
  }

  private void push(Subtree added) {
    Subtree right = added;
    while (!stack.isEmpty() && top().bytes() == right.bytes()) {
      Subtree left = stack.pop();
      right = new Subtree(2 * left.bytes(), DataHash.pair(left.root(), right.root()));
    }
    stack.push(right);
  }
}
