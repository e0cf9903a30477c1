package io.selkie.proofs.merkle;

import static io.selkie.proofs.merkle.TreeShape.BASE_ARITY;
import static io.selkie.proofs.merkle.TreeShape.NODE_BYTES;

import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.SealContext;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The column tree: each leaf is the hash of a node's labels in all layers. A file for each base
 * tree, all rows, leaves first.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-porep stacked/vanilla/proof.rs (generate_tree_c).
 */
public final class TreeC implements Closeable {
  private final TreeShape shape;
  private final List<NodeFile> files;
  private final UpperTree upper;

  private TreeC(TreeShape shape, List<NodeFile> files) throws IOException {
    this.shape = shape;
    this.files = files;
    List<byte[]> roots = new ArrayList<>();
    for (NodeFile file : files) {
      roots.add(file.node(file.nodes() - 1));
    }
    this.upper = new UpperTree(shape, roots);
  }

  /**
   * Hashes the columns of {@code layers} and writes the trees' files.
   *
   * @return the root, CommC
   * @throws IOException if a layer cannot be read or a file not be written
   */
  public static byte[] build(
      TreeShape shape, List<NodeFile> layers, Path cacheDir, SealContext context)
      throws IOException {
    List<byte[]> roots = new ArrayList<>();
    for (int i = 0; i < shape.baseTrees(); i++) {
      long firstLeaf = i * shape.baseLeaves();
      Path path = cacheDir.resolve(CacheFiles.treeC(i, shape.baseTrees()));
      String phase = shape.baseTrees() == 1 ? "tree-c" : "tree-c-" + i;
      try (PendingFile file = PendingFile.create(path)) {
        roots.add(
            TreeBuild.poseidon(shape.baseLevels())
                .build(
                    context,
                    phase,
                    (first, into, count) -> hashColumns(layers, firstLeaf + first, into, count),
                    (row, first, nodes, offset, count) ->
                        file.write(
                            nodes,
                            offset,
                            count * NODE_BYTES,
                            (shape.rowStart(row, 0) + first) * NODE_BYTES)));
        file.publish();
      }
    }
    return new UpperTree(shape, roots).root();
  }

  private static void hashColumns(List<NodeFile> layers, long first, MemorySegment into, long count)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] labels = new MemorySegment[layers.size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = arena.allocate(count * NODE_BYTES, NODE_BYTES);
        layers.get(i).read(first, labels[i], 0, count);
      }
      Poseidon.ofArity(labels.length).hashColumns(labels, new long[labels.length], into, 0, count);
    }
  }

  /** Opens the files in {@code cacheDir}; throws as {@link NodeFile#open} does. */
  public static TreeC open(TreeShape shape, Path cacheDir) throws IOException {
    List<NodeFile> files = new ArrayList<>();
    try {
      for (int i = 0; i < shape.baseTrees(); i++) {
        Path path = cacheDir.resolve(CacheFiles.treeC(i, shape.baseTrees()));
        files.add(NodeFile.open(path, shape.baseNodeCount()));
      }
      return new TreeC(shape, files);
    } catch (IOException e) {
      closeAll(files);
      throw e;
    }
  }

  /** The root, CommC, as the files have it. */
  public byte[] root() {
    return upper.root();
  }

  /** The path of a leaf. */
  public InclusionProof prove(long leaf) throws IOException {
    int tree = (int) (leaf / shape.baseLeaves());
    NodeFile file = files.get(tree);
    long node = leaf % shape.baseLeaves();
    byte[] leafNode = file.node(node);
    List<PathElement> base = new ArrayList<>();
    for (int row = 0; row < shape.baseLevels(); row++) {
      base.add(group(file, shape.rowStart(row, 0), node));
      node /= BASE_ARITY;
    }
    return new InclusionProof(root(), leafNode, base, upper.subPath(tree), upper.topPath(tree));
  }

  static PathElement group(NodeFile file, long rowStart, long node) throws IOException {
    long first = rowStart + node / BASE_ARITY * BASE_ARITY;
    return UpperTree.element(file.nodes(first, BASE_ARITY), (int) (node % BASE_ARITY));
  }

  static void closeAll(List<NodeFile> files) throws IOException {
    for (NodeFile file : files) {
      file.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeAll(files);
  }
}
