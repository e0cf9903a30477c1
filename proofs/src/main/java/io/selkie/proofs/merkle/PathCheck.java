package io.selkie.proofs.merkle;

import io.selkie.proofs.field.Fr;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.hashers.Sha256Nodes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks Merkle paths: the position they claim, and every hash from the leaf to the root. */
public final class PathCheck {
  private static final int NODE_BYTES = TreeShape.NODE_BYTES;

  private PathCheck() {}

  /**
   * Checks a path through a data tree.
   *
   * @return what is wrong; empty if the leaf is at {@code leafIndex} under {@code root}
   */
  public static Optional<String> binary(
      InclusionProof proof, int levels, long leafIndex, byte[] root) {
    if (!proof.sub().isEmpty() || !proof.top().isEmpty()) {
      return Optional.of("has levels above its base tree");
    }
    Walk walk = new Walk(proof.leaf(), leafIndex);
    return walk.up(proof.base(), levels, 2, true).or(() -> walk.atRoot(proof, root));
  }

  /**
   * Checks a path through a Poseidon tree; parameters and result as for {@link #binary}. Every node
   * must be a field element in its one form.
   */
  public static Optional<String> poseidon(
      InclusionProof proof, TreeShape shape, long leafIndex, byte[] root) {
    if (!isCanonical(proof.leaf())) {
      return Optional.of("leaf is no field element");
    }
    Walk walk = new Walk(proof.leaf(), leafIndex);
    int subLevels = shape.subArity() == 0 ? 0 : 1;
    int topLevels = shape.topArity() == 0 ? 0 : 1;
    return walk.up(proof.base(), shape.baseLevels(), TreeShape.BASE_ARITY, false)
        .or(() -> walk.up(proof.sub(), subLevels, shape.subArity(), false))
        .or(() -> walk.up(proof.top(), topLevels, shape.topArity(), false))
        .or(() -> walk.atRoot(proof, root));
  }

  /** Whether 32 bytes are a field element in its one form, below r. */
  public static boolean isCanonical(byte[] node) {
    return node.length == NODE_BYTES && Fr.isCanonical(MemorySegment.ofArray(node), 0);
  }

  /** The parent of two nodes of a data tree. */
  static byte[] sha256Pair(byte[] left, byte[] right) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nodes = arena.allocate(3L * NODE_BYTES, NODE_BYTES);
      MemorySegment.copy(left, 0, nodes, ValueLayout.JAVA_BYTE, 0, NODE_BYTES);
      MemorySegment.copy(right, 0, nodes, ValueLayout.JAVA_BYTE, NODE_BYTES, NODE_BYTES);
      Sha256Nodes.hashPairs(nodes, 0, nodes, 2L * NODE_BYTES, 1);
      return nodes.asSlice(2L * NODE_BYTES, NODE_BYTES).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** The way up: the running node and what is left of its index. */
  private static final class Walk {
    private byte[] node;
    private long index;

    Walk(byte[] leaf, long leafIndex) {
      this.node = leaf;
      this.index = leafIndex;
    }

    Optional<String> up(List<PathElement> path, int levels, int arity, boolean binary) {
      if (path.size() != levels) {
        return Optional.of("has " + path.size() + " levels, expected " + levels);
      }
      for (PathElement element : path) {
        long expected = index % arity;
        if (element.index() != expected || element.hashes().size() != arity - 1) {
          return Optional.of(
              "has position " + element.index() + " in a group, expected " + expected);
        }
        if (!binary && !element.hashes().stream().allMatch(PathCheck::isCanonical)) {
          return Optional.of("has a node that is no field element");
        }
        node = parent(element, arity, binary);
        index /= arity;
      }
      return Optional.empty();
    }

    private byte[] parent(PathElement element, int arity, boolean binary) {
      byte[][] group = new byte[arity][];
      for (int i = 0, other = 0; i < arity; i++) {
        group[i] = i == element.index() ? node : element.hashes().get(other++);
      }
      return binary ? sha256Pair(group[0], group[1]) : Poseidon.ofArity(arity).hash(group);
    }

    Optional<String> atRoot(InclusionProof proof, byte[] root) {
      if (index != 0) {
        return Optional.of("has a leaf index beyond the tree");
      }
      if (!Arrays.equals(proof.root(), root)) {
        return Optional.of("states another root");
      }
      return Arrays.equals(node, root)
          ? Optional.empty()
          : Optional.of("does not lead to the root");
    }
  }
}
