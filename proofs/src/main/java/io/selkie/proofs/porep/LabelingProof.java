package io.selkie.proofs.porep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a label is the hash of.
 *
 * @param parents the 37 parent labels in the order they are hashed
 * @param layer 1 for the first layer
 * @param node the node labelled
 */
public record LabelingProof(List<byte[]> parents, long layer, long node) {

  /**
   * The labelling of a node other than 0, from its parents' columns: in layer 1 the labels of the 6
   * base parents in turn, in later layers those of base parents and, from the layer before, of the
   * 8 expander parents.
   */
  static LabelingProof of(
      int layer, long node, List<ColumnProof> base, List<ColumnProof> expander) {
    List<byte[]> cycle = new ArrayList<>();
    for (ColumnProof column : base) {
      cycle.add(column.rows().get(layer - 1));
    }
    if (layer > 1) {
      for (ColumnProof column : expander) {
        cycle.add(column.rows().get(layer - 2));
      }
    }
    List<byte[]> parents = new ArrayList<>();
    for (int i = 0; i < ProofShape.LABEL_PARENTS; i++) {
      parents.add(cycle.get(i % cycle.size()));
    }
    return new LabelingProof(List.copyOf(parents), layer, node);
  }

  /** The label of this node in this layer. */
  byte[] label(byte[] replicaId) {
    return LabelScalar.label(
        replicaId, Math.toIntExact(layer), node, parents.toArray(byte[][]::new));
  }

  /** Whether both list the same labels for the same layer and node. */
  boolean isSameAs(LabelingProof other) {
    if (layer != other.layer || node != other.node || parents.size() != other.parents.size()) {
      return false;
    }
    for (int i = 0; i < parents.size(); i++) {
      if (!Arrays.equals(parents.get(i), other.parents.get(i))) {
        return false;
      }
    }
    return true;
  }
}
