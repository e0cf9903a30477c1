package io.selkie.proofs.merkle;

import io.selkie.proofs.hashers.Poseidon;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What stands above the base trees: at most a sub level and a top level. */
final class UpperTree {
  private final TreeShape shape;
  private final List<byte[]> baseRoots;
  private final List<byte[]> subRoots = new ArrayList<>();
  private final byte[] root;

  UpperTree(TreeShape shape, List<byte[]> baseRoots) {
    this.shape = shape;
    this.baseRoots = List.copyOf(baseRoots);
    if (baseRoots.size() != shape.baseTrees()) {
      throw new IllegalArgumentException(
          baseRoots.size() + " base roots, the shape has " + shape.baseTrees());
    }
    int group = Math.max(shape.subArity(), 1);
    for (int i = 0; i < baseRoots.size(); i += group) {
      subRoots.add(join(this.baseRoots.subList(i, i + group)));
    }
    this.root = join(subRoots);
  }

  private static byte[] join(List<byte[]> nodes) {
    return nodes.size() == 1
        ? nodes.getFirst()
        : Poseidon.ofArity(nodes.size()).hash(nodes.toArray(byte[][]::new));
  }

  byte[] root() {
    return root.clone();
  }

  List<PathElement> subPath(int baseTree) {
    if (shape.subArity() == 0) {
      return List.of();
    }
    int first = baseTree / shape.subArity() * shape.subArity();
    return List.of(
        element(baseRoots.subList(first, first + shape.subArity()), baseTree % shape.subArity()));
  }

  List<PathElement> topPath(int baseTree) {
    return shape.topArity() == 0
        ? List.of()
        : List.of(element(subRoots, baseTree / shape.subArity()));
  }

  /** The group without the node at {@code index}. */
  static PathElement element(List<byte[]> group, int index) {
    List<byte[]> others = new ArrayList<>(group);
    others.remove(index);
    return new PathElement(List.copyOf(others), index);
  }

  /** The eight nodes of a group laid out one after the other, without the one at {@code index}. */
  static PathElement element(byte[] group, int index) {
    List<byte[]> nodes = new ArrayList<>();
    for (int at = 0; at < group.length; at += TreeShape.NODE_BYTES) {
      nodes.add(Arrays.copyOfRange(group, at, at + TreeShape.NODE_BYTES));
    }
    return element(nodes, index);
  }
}
