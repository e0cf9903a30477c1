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
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The replica's tree. Its leaves are the replica file; the lowest rows above them are not stored
 * either and computed again from the replica where a path needs them.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-porep stacked/vanilla/proof.rs (generate_tree_r_last);
 * merkletree store.rs (LevelCacheStore).
 */
public final class TreeRLast implements Closeable {

  /** Above the bits of a leaf's number: a lower row says more exactly where a deviation is. */
  private static final int ROW_SHIFT = 40;

  private final TreeShape shape;
  private final NodeFile replica;
  private final List<NodeFile> files;
  private final UpperTree upper;

  private TreeRLast(TreeShape shape, NodeFile replica, List<NodeFile> files) throws IOException {
    this.shape = shape;
    this.replica = replica;
    this.files = files;
    List<byte[]> roots = new ArrayList<>();
    for (NodeFile file : files) {
      roots.add(file.node(file.nodes() - 1));
    }
    this.upper = new UpperTree(shape, roots);
  }

  /**
   * Builds the trees over the replica's nodes and writes their files.
   *
   * @param leaves gives the replica's nodes, by their index in the sector
   * @return the root, CommRLast
   * @throws IOException if the leaves cannot be had or a file not be written
   */
  public static byte[] build(TreeShape shape, LeafSource leaves, Path cacheDir, SealContext context)
      throws IOException {
    List<byte[]> roots = new ArrayList<>();
    for (int i = 0; i < shape.baseTrees(); i++) {
      long firstLeaf = i * shape.baseLeaves();
      Path path = cacheDir.resolve(CacheFiles.treeRLast(i, shape.baseTrees()));
      String phase = shape.baseTrees() == 1 ? "tree-r-last" : "tree-r-last-" + i;
      try (PendingFile file = PendingFile.create(path)) {
        roots.add(
            TreeBuild.poseidon(shape.baseLevels())
                .build(
                    context,
                    phase,
                    (first, into, count) -> leaves.fill(firstLeaf + first, into, count),
                    keptRows(shape, file)));
        file.publish();
      }
    }
    return new UpperTree(shape, roots).root();
  }

  private static RowSink keptRows(TreeShape shape, PendingFile file) {
    int firstKept = shape.firstKeptRow();
    return (row, first, nodes, offset, count) -> {
      if (row >= firstKept) {
        long at = shape.rowStart(row, firstKept) + first;
        file.write(nodes, offset, count * NODE_BYTES, at * NODE_BYTES);
      }
    };
  }

  /** Opens replica and files; throws as {@link NodeFile#open} does. */
  public static TreeRLast open(TreeShape shape, Path sealed, Path cacheDir) throws IOException {
    List<NodeFile> files = new ArrayList<>();
    NodeFile replica = NodeFile.open(sealed, shape.leafCount());
    try {
      for (int i = 0; i < shape.baseTrees(); i++) {
        Path path = cacheDir.resolve(CacheFiles.treeRLast(i, shape.baseTrees()));
        files.add(NodeFile.open(path, shape.keptNodeCount()));
      }
      return new TreeRLast(shape, replica, files);
    } catch (IOException e) {
      replica.close();
      TreeC.closeAll(files);
      throw e;
    }
  }

  /** The root, CommRLast, as the files have it. */
  public byte[] root() {
    return upper.root();
  }

  /**
   * Hashes the whole replica and compares it with the kept rows: as much work as building the tree.
   *
   * @param phase the name progress is reported under
   * @return the first leaf of the first stretch that does not lead to its kept node; empty if all
   *     do
   * @throws IOException if a file cannot be read
   */
  public OptionalLong firstDeviation(SealContext context, String phase) throws IOException {
    AtomicLong first = new AtomicLong(Long.MAX_VALUE);
    for (int i = 0; i < shape.baseTrees(); i++) {
      long firstLeaf = i * shape.baseLeaves();
      TreeBuild.poseidon(shape.baseLevels())
          .build(
              context,
              phase,
              (leaf, into, count) -> replica.read(firstLeaf + leaf, into, 0, count),
              comparison(files.get(i), firstLeaf, first));
    }
    long found = first.get();
    return found == Long.MAX_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(found & ((1L << ROW_SHIFT) - 1));
  }

  private RowSink comparison(NodeFile kept, long firstLeaf, AtomicLong deviation) {
    int firstKept = shape.firstKeptRow();
    return (row, first, nodes, offset, count) -> {
      if (row < firstKept) {
        return;
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment known = arena.allocate(count * NODE_BYTES, NODE_BYTES);
        kept.read(shape.rowStart(row, firstKept) + first, known, 0, count);
        long at = known.mismatch(nodes.asSlice(offset, count * NODE_BYTES));
        if (at >= 0) {
          long leaf = firstLeaf + ((first + at / NODE_BYTES) << (3 * row));
          deviation.accumulateAndGet(((long) row << ROW_SHIFT) + leaf, Math::min);
        }
      }
    };
  }

  /** The path of a leaf, its lowest steps computed from the replica. */
  public InclusionProof prove(long leaf) throws IOException {
    int tree = (int) (leaf / shape.baseLeaves());
    long node = leaf % shape.baseLeaves();
    List<PathElement> base = new ArrayList<>(lowerPath(leaf));
    for (int row = shape.firstKeptRow(); row < shape.baseLevels(); row++) {
      base.add(
          TreeC.group(
              files.get(tree), shape.rowStart(row, shape.firstKeptRow()), node >> (3 * row)));
    }
    return new InclusionProof(
        root(), replica.node(leaf), base, upper.subPath(tree), upper.topPath(tree));
  }

  /** The steps below the kept rows, from the replica's subtree that ends in a kept node. */
  private List<PathElement> lowerPath(long leaf) throws IOException {
    int kept = shape.firstKeptRow();
    long count = 1L << (3 * kept);
    List<PathElement> path = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(count * NODE_BYTES, NODE_BYTES);
      replica.read(leaf / count * count, row, 0, count);
      long node = leaf % count;
      for (int r = 0; r < kept; r++) {
        long group = node / BASE_ARITY;
        byte[] nodes =
            row.asSlice(group * BASE_ARITY * NODE_BYTES, BASE_ARITY * NODE_BYTES)
                .toArray(ValueLayout.JAVA_BYTE);
        path.add(UpperTree.element(nodes, (int) (node % BASE_ARITY)));
        count /= BASE_ARITY;
        MemorySegment above = arena.allocate(count * NODE_BYTES, NODE_BYTES);
        if (r + 1 < kept) {
          Poseidon.ofArity(BASE_ARITY).hashMany(row, 0, above, 0, count);
        }
        row = above;
        node = group;
      }
    }
    return path;
  }

  @Override
  public void close() throws IOException {
    replica.close();
    TreeC.closeAll(files);
  }
}
