package io.selkie.proofs.pieces;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;

/**
 * Commitments of pieces of zeros, which fill what client data leaves of a sector.
 *
 * <p>{@code Z(32)} is the zero node and {@code Z(2s) = H(Z(s), Z(s))}.
 */
public final class ZeroPieces {

  /** Sizes of 2^5 to 2^62 bytes: all that a {@link PaddedPieceSize} holds. */
  private static final byte[][] BY_LOG2_NODES = new byte[58][];

  static {
    BY_LOG2_NODES[0] = new byte[DataHash.NODE_BYTES];
    for (int i = 1; i < BY_LOG2_NODES.length; i++) {
      BY_LOG2_NODES[i] = DataHash.pair(BY_LOG2_NODES[i - 1], BY_LOG2_NODES[i - 1]);
    }
  }

  private ZeroPieces() {}

  /** The commitment of {@code size} zero bytes. */
  public static Commitment commitment(PaddedPieceSize size) {
    return new Commitment(root(size.bytes()));
  }

  /**
   * As {@link #commitment}, the shared array itself; {@code bytes} is a power of two from 32 on.
   */
  static byte[] root(long bytes) {
    return BY_LOG2_NODES[Long.numberOfTrailingZeros(bytes) - 5];
  }
}
