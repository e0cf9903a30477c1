package io.selkie.proofs.pieces;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.selkie.proofs.hashers.Sha256Nodes;
import java.lang.foreign.MemorySegment;

/** Subtrees of data trees, on the heap. */
final class DataHash {

  static final int NODE_BYTES = 32;

  private DataHash() {}

  /** The hash of two nodes. */
  static byte[] pair(byte[] left, byte[] right) {
    byte[] both = new byte[2 * NODE_BYTES];
    System.arraycopy(left, 0, both, 0, NODE_BYTES);
    System.arraycopy(right, 0, both, NODE_BYTES, NODE_BYTES);
    byte[] parent = new byte[NODE_BYTES];
    Sha256Nodes.hashPairs(MemorySegment.ofArray(both), 0, MemorySegment.ofArray(parent), 0, 1);
    return parent;
  }

  /**
   * The root over the nodes of {@code rows}, a power of two of them; both buffers are overwritten.
   *
   * @param scratch half as long as {@code rows}, at least a node
   */
  static byte[] root(MemorySegment rows, MemorySegment scratch) {
    MemorySegment row = rows;
    MemorySegment next = scratch;
    for (long nodes = rows.byteSize() / NODE_BYTES / 2; nodes > 0; nodes /= 2) {
      Sha256Nodes.hashPairs(row, 0, next, 0, nodes);
      MemorySegment last = row;
      row = next;
      next = last;
    }
    return row.asSlice(0, NODE_BYTES).toArray(JAVA_BYTE);
  }
}
