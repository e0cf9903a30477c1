package io.selkie.proofs.pieces;

import io.selkie.abi.Commitment;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.proofs.fr32.Fr32;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;

/** Writes a piece into a staged sector, padded, and computes its commitment on the way. */
public final class PieceWriter {

  private PieceWriter() {}

  /**
   * Pads {@code in} into {@code target}. The file is not forced; after a failure the bytes from
   * {@code paddedOffset} on are undefined, and writing again is harmless.
   *
   * @param in the piece's bytes, which must end where the piece ends; not closed
   * @param size the length insisted on
   * @param target the staged sector, open for writing
   * @param paddedOffset where the piece begins in the file, a multiple of 128
   * @return CommP
   * @throws IllegalArgumentException if {@code paddedOffset} is negative or splits a group
   * @throws java.io.EOFException if {@code in} ends early
   * @throws java.io.InterruptedIOException if the thread is interrupted
   * @throws IOException if {@code in} goes on behind the piece, or reading or writing fails
   */
  public static Commitment write(
      InputStream in, UnpaddedPieceSize size, FileChannel target, long paddedOffset)
      throws IOException {
    if (paddedOffset < 0 || paddedOffset % Fr32.PADDED_GROUP_BYTES != 0) {
      throw new IllegalArgumentException(
          "piece offset " + paddedOffset + " is not a multiple of " + Fr32.PADDED_GROUP_BYTES);
    }
    long[] at = {paddedOffset};
    return new PieceStream(
            in,
            size,
            padded -> {
              while (padded.hasRemaining()) {
                at[0] += target.write(padded, at[0]);
              }
            })
        .run();
  }
}
