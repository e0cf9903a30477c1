package io.selkie.proofs.pieces;

import io.selkie.abi.Commitment;
import io.selkie.abi.UnpaddedPieceSize;
import java.io.IOException;
import java.io.InputStream;

/** CommP: the root of the binary tree over a piece's fr32 nodes. */
public final class PieceCommitment {

  private PieceCommitment() {}

  /**
   * Reads a piece and computes its commitment. Memory does not grow with the piece.
   *
   * @param in the piece's bytes, which must end where the piece ends; see {@link
   *     ZeroPaddedInputStream} for data of another length. Not closed.
   * @param size the length insisted on
   * @throws java.io.EOFException if {@code in} ends early
   * @throws java.io.InterruptedIOException if the thread is interrupted
   * @throws IOException if {@code in} goes on behind the piece or cannot be read
   */
  public static Commitment compute(InputStream in, UnpaddedPieceSize size) throws IOException {
    return new PieceStream(in, size, padded -> {}).run();
  }
}
