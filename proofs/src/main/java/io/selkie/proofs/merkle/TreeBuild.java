package io.selkie.proofs.merkle;

import static io.selkie.proofs.merkle.TreeShape.BASE_ARITY;
import static io.selkie.proofs.merkle.TreeShape.NODE_BYTES;

import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.hashers.Sha256Nodes;
import io.selkie.proofs.seal.SealContext;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Builds one full tree of a fixed arity, subtree by subtree: each thread fills the leaves of a
 * subtree, hashes it to its root and hands the rows on; what lies above the subtrees follows at the
 * end. Memory is a subtree for each thread and the roots of the subtrees, whatever the tree's size.
 *
 * <pre>
 *   upper rows        ______/\______      one thread, from the kept roots
 *   subtree roots    /  /  /  \  \  \
 *   subtrees        /\ /\ /\  /\ /\ /\    all threads, leaves to root in one buffer
 * </pre>
 */
public final class TreeBuild {

  /** Leaves of a subtree: 256 KiB of nodes at most, so that a row is still in cache when hashed. */
  private static final int MAX_SUBTREE_BITS = 13;

  /** Levels of an 8-ary subtree: 4096 leaves, about a third of a second of Poseidon. */
  private static final int MAX_POSEIDON_LEVELS = 4;

  private final int arityBits;
  private final int levels;
  private final int subtreeLevels;
  private final NodeHasher hasher;

  private TreeBuild(int arityBits, int levels, int maxSubtreeLevels, NodeHasher hasher) {
    this.arityBits = arityBits;
    this.levels = levels;
    this.subtreeLevels = Math.min(levels, maxSubtreeLevels);
    this.hasher = hasher;
  }

  /** A data tree: binary, SHA-256 cut to 254 bits, 2 to the power {@code levels} leaves. */
  public static TreeBuild sha256(int levels) {
    return new TreeBuild(1, levels, MAX_SUBTREE_BITS, Sha256Nodes::hashPairs);
  }

  /** A base tree of Poseidon, 8 to the power {@code levels} leaves. */
  public static TreeBuild poseidon(int levels) {
    return new TreeBuild(3, levels, MAX_POSEIDON_LEVELS, Poseidon.ofArity(BASE_ARITY)::hashMany);
  }

  /** Leaves of the tree. */
  public long leafCount() {
    return 1L << (arityBits * levels);
  }

  /**
   * Builds the tree.
   *
   * @param phase the name progress is reported under, in leaves
   * @return the root
   * @throws IOException if the source or the sink fails, or the thread is interrupted
   */
  public byte[] build(SealContext context, String phase, LeafSource source, RowSink sink)
      throws IOException {
    long subtreeLeaves = 1L << (arityBits * subtreeLevels);
    long subtrees = leafCount() / subtreeLeaves;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment upper = arena.allocate(subtrees * NODE_BYTES, NODE_BYTES);
      context.forEachChunk(
          phase,
          leafCount(),
          subtreeLeaves,
          (from, to) -> subtree(from / subtreeLeaves, subtreeLeaves, source, sink, upper));
      return finish(arena, upper, subtrees, sink);
    }
  }

  private void subtree(
      long index, long leaves, LeafSource source, RowSink sink, MemorySegment upper)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(leaves * NODE_BYTES, NODE_BYTES);
      source.fill(index * leaves, row, leaves);
      sink.accept(0, index * leaves, row, 0, leaves);
      MemorySegment root = rows(arena, row, leaves, index, 0, subtreeLevels, sink);
      MemorySegment.copy(root, 0, upper, index * NODE_BYTES, NODE_BYTES);
    }
  }

  /** Hashes {@code steps} rows up from {@code row}; returns the last. */
  private MemorySegment rows(
      Arena arena,
      MemorySegment row,
      long nodes,
      long index,
      int rowNumber,
      int steps,
      RowSink sink)
      throws IOException {
    MemorySegment below = row;
    long count = nodes;
    for (int step = 1; step <= steps; step++) {
      count >>= arityBits;
      MemorySegment above = arena.allocate(count * NODE_BYTES, NODE_BYTES);
      hasher.hash(below, 0, above, 0, count);
      sink.accept(rowNumber + step, index * count, above, 0, count);
      below = above;
    }
    return below;
  }

  private byte[] finish(Arena arena, MemorySegment upper, long subtrees, RowSink sink)
      throws IOException {
    MemorySegment root =
        rows(arena, upper, subtrees, 0, subtreeLevels, levels - subtreeLevels, sink);
    return root.asSlice(0, NODE_BYTES).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }
}
