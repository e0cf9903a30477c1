package io.selkie.proofs.porep;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.merkle.InclusionProof;
import io.selkie.proofs.merkle.TreeC;
import io.selkie.proofs.merkle.TreeD;
import io.selkie.proofs.merkle.TreeRLast;
import io.selkie.proofs.seal.CacheFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes vanilla proofs from the files of a sector that is sealed and not yet cleared. Any number of
 * threads may prove at once.
 */
public final class VanillaProver implements Closeable {
  private final ProofShape shape;
  private final StackedGraph graph;
  private final List<Closeable> open = new ArrayList<>();
  private final List<NodeFile> layers = new ArrayList<>();
  private final TreeD treeD;
  private final TreeC treeC;
  private final TreeRLast treeRLast;

  private VanillaProver(RegisteredSealProof proof, Path sealed, Path cacheDir) throws IOException {
    this.shape = ProofShape.of(proof);
    this.graph = StackedGraph.of(proof);
    try {
      this.treeD = opened(TreeD.open(shape.treeDLevels(), cacheDir.resolve(CacheFiles.TREE_D)));
      this.treeC = opened(TreeC.open(shape.tree(), cacheDir));
      this.treeRLast = opened(TreeRLast.open(shape.tree(), sealed, cacheDir));
      for (int layer = 1; layer <= shape.layers(); layer++) {
        Path path = cacheDir.resolve(CacheFiles.layer(layer));
        layers.add(opened(NodeFile.open(path, shape.nodes())));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens the sector's files.
   *
   * @throws java.nio.file.NoSuchFileException if one is missing
   * @throws io.selkie.proofs.seal.DamagedFileException if one has the wrong size
   * @throws IOException if one cannot be opened
   */
  public static VanillaProver open(RegisteredSealProof proof, Path sealed, Path cacheDir)
      throws IOException {
    return new VanillaProver(proof, sealed, cacheDir);
  }

  private <T extends Closeable> T opened(T file) {
    open.add(file);
    return file;
  }

  /** The root of TreeD as its file has it. */
  public byte[] commD() throws IOException {
    return treeD.root();
  }

  /** The root of TreeC as its files have it. */
  public byte[] commC() {
    return treeC.root();
  }

  /** The root of TreeR as its files have it. */
  public byte[] commRLast() {
    return treeRLast.root();
  }

  /**
   * The proof of a node. It is as true as the files are; verify it.
   *
   * @param node 1 or greater
   * @throws IOException if a file cannot be read
   */
  public VanillaProof prove(long node) throws IOException {
    int[] parents = new int[ProofShape.PARENTS];
    graph.parents(node, parents);
    List<ColumnProof> columns = new ArrayList<>();
    for (int parent : parents) {
      columns.add(column(Integer.toUnsignedLong(parent)));
    }
    return assemble(shape, treeD.prove(node), treeRLast.prove(node), column(node), columns);
  }

  private ColumnProof column(long node) throws IOException {
    List<byte[]> rows = new ArrayList<>();
    for (NodeFile layer : layers) {
      rows.add(layer.node(node));
    }
    return new ColumnProof(node, List.copyOf(rows), treeC.prove(node));
  }

  /** The proof of a node; what its labels were hashed from follows from the columns. */
  static VanillaProof assemble(
      ProofShape shape,
      InclusionProof commD,
      InclusionProof commRLast,
      ColumnProof column,
      List<ColumnProof> parents) {
    List<ColumnProof> base = List.copyOf(parents.subList(0, ProofShape.BASE_PARENTS));
    List<ColumnProof> expander =
        List.copyOf(parents.subList(ProofShape.BASE_PARENTS, ProofShape.PARENTS));
    List<LabelingProof> labeling = new ArrayList<>();
    for (int layer = 1; layer <= shape.layers(); layer++) {
      labeling.add(LabelingProof.of(layer, column.index(), base, expander));
    }
    return new VanillaProof(
        commD, commRLast, column, base, expander, List.copyOf(labeling), labeling.getLast());
  }

  @Override
  public void close() throws IOException {
    for (Closeable file : open) {
      file.close();
    }
  }
}
