package io.selkie.proofs.pieces;

import io.selkie.abi.Commitment;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.proofs.fr32.Fr32;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * One pass over a piece: reads a chunk, pads it, hands it on, hashes it into the tree.
 *
 * <p>Chunks are powers of two of nodes. Their roots wait in {@code pending}, one for each level at
 * most, and merge like the digits of a binary counter: after chunk number {@code i} as many pairs
 * as {@code i + 1} has trailing zeros. Memory is two chunks whatever the piece's size.
 */
final class PieceStream {

  /** Receives the padded bytes in order. */
  @FunctionalInterface
  interface Sink {
    void accept(ByteBuffer padded) throws IOException;
  }

  /**
   * Padded bytes of a chunk: large enough for the disk, small enough for the second-level cache.
   */
  private static final int CHUNK_BYTES = 1 << 20;

  private final InputStream in;
  private final UnpaddedPieceSize size;
  private final Sink sink;
  private final byte[] data;
  private final byte[] padded;
  private final byte[][] pending = new byte[Long.SIZE][];

  PieceStream(InputStream in, UnpaddedPieceSize size, Sink sink) {
    this.in = in;
    this.size = size;
    this.sink = sink;
    int chunk = (int) Math.min(CHUNK_BYTES, size.padded().bytes());
    this.padded = new byte[chunk];
    this.data = new byte[chunk / Fr32.PADDED_GROUP_BYTES * Fr32.UNPADDED_GROUP_BYTES];
  }

  /**
   * Reads the whole piece.
   *
   * @return its commitment
   * @throws EOFException if the stream ends before the piece does
   * @throws IOException if the stream goes on behind the piece, or reading or writing fails
   */
  Commitment run() throws IOException {
    int groups = padded.length / Fr32.PADDED_GROUP_BYTES;
    long chunks = size.padded().bytes() / padded.length;
    byte[] root = new byte[0];
    for (long chunk = 0; chunk < chunks; chunk++) {
      if (Thread.interrupted()) {
        throw new InterruptedIOException(
            "reading a piece interrupted at byte " + chunk * data.length + " of " + size);
      }
      int read = in.readNBytes(data, 0, data.length);
      if (read < data.length) {
        throw new EOFException(
            "piece of " + size + " bytes ended after " + (chunk * data.length + read));
      }
      Fr32.pad(MemorySegment.ofArray(data), 0, MemorySegment.ofArray(padded), 0, groups);
      sink.accept(ByteBuffer.wrap(padded));
      root = merge(chunk);
    }
    if (in.read() >= 0) {
      throw new IOException("piece of " + size + " bytes goes on behind its end");
    }
    return new Commitment(root);
  }

  /** Hashes chunk number {@code chunk} and merges; the subtree that ends with it. */
  private byte[] merge(long chunk) {
    byte[] root = DataHash.root(MemorySegment.ofArray(padded), MemorySegment.ofArray(data));
    int level = 0;
    for (long count = chunk + 1; (count & 1) == 0; count >>= 1) {
      root = DataHash.pair(pending[level], root);
      level++;
    }
    pending[level] = root;
    return root;
  }
}
