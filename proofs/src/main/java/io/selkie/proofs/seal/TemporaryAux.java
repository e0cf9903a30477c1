package io.selkie.proofs.seal;

import io.selkie.proofs.codec.BincodeWriter;
import io.selkie.proofs.merkle.TreeShape;
import io.selkie.proofs.porep.ProofShape;

/**
 * The content of {@code t_aux}: which stores a cache directory holds. Selkie derives all of it from
 * the sector's size and writes the file only for others that expect it.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-porep stacked/vanilla/params.rs (TemporaryAux).
 */
final class TemporaryAux {
  private TemporaryAux() {}

  /** The file's bytes for a cache directory spelled {@code cachePath}. */
  static byte[] toBytes(ProofShape shape, String cachePath) {
    BincodeWriter out = new BincodeWriter();
    out.sequence(shape.layers());
    for (int layer = 1; layer <= shape.layers(); layer++) {
      layer(shape, cachePath, layer).write(out);
    }
    TreeShape tree = shape.tree();
    treeD(shape, cachePath).write(out);
    new StoreConfig(cachePath, "tree-r-last", tree.baseNodeCount(), tree.rowsToDiscard())
        .write(out);
    new StoreConfig(cachePath, "tree-c", tree.baseNodeCount(), 0).write(out);
    return out.toBytes();
  }

  static StoreConfig layer(ProofShape shape, String cachePath, int layer) {
    return new StoreConfig(cachePath, "layer-" + layer, shape.nodes(), 0);
  }

  static StoreConfig treeD(ProofShape shape, String cachePath) {
    return new StoreConfig(cachePath, "tree-d", 2 * shape.nodes() - 1, 0);
  }
}
