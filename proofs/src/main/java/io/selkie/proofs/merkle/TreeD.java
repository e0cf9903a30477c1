package io.selkie.proofs.merkle;

import static io.selkie.proofs.merkle.TreeShape.NODE_BYTES;

import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.seal.SealContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The data tree: binary, over the fr32 nodes as they are, all rows in one file, leaves first.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-porep stacked/vanilla/proof.rs (tree_d).
 */
public final class TreeD implements Closeable {
  private final NodeFile file;
  private final int levels;

  private TreeD(NodeFile file, int levels) {
    this.file = file;
    this.levels = levels;
  }

  /**
   * Builds the tree over 2 to the power {@code levels} leaves and writes its file.
   *
   * @return the root, CommD
   * @throws IOException if the leaves cannot be read or the file not be written
   */
  public static byte[] build(int levels, LeafSource leaves, Path path, SealContext context)
      throws IOException {
    try (PendingFile file = PendingFile.create(path)) {
      byte[] root =
          TreeBuild.sha256(levels)
              .build(
                  context,
                  "tree-d",
                  leaves,
                  (row, first, nodes, offset, count) ->
                      file.write(
                          nodes,
                          offset,
                          count * NODE_BYTES,
                          (rowStart(levels, row) + first) * NODE_BYTES));
      file.publish();
      return root;
    }
  }

  /** Opens the file of a tree; throws as {@link NodeFile#open} does. */
  public static TreeD open(int levels, Path path) throws IOException {
    return new TreeD(NodeFile.open(path, nodeCount(levels)), levels);
  }

  /** Nodes of a tree of that many levels above its leaves. */
  public static long nodeCount(int levels) {
    return (2L << levels) - 1;
  }

  private static long rowStart(int levels, int row) {
    return (2L << levels) - (2L << (levels - row));
  }

  /** The file; its first nodes are the leaves. */
  public NodeFile file() {
    return file;
  }

  /** The root, as the file has it. */
  public byte[] root() throws IOException {
    return file.node(file.nodes() - 1);
  }

  /** The path of a leaf. */
  public InclusionProof prove(long leaf) throws IOException {
    List<PathElement> path = new ArrayList<>();
    for (int row = 0; row < levels; row++) {
      long node = leaf >> row;
      byte[] sibling = file.node(rowStart(levels, row) + (node ^ 1));
      path.add(new PathElement(List.of(sibling), node & 1));
    }
    return new InclusionProof(root(), file.node(leaf), path, List.of(), List.of());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
