package io.selkie.proofs.porep;

import io.selkie.proofs.field.FrNodes;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.merkle.PathCheck;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Checks one vanilla proof against the commitments. Every hash is computed again; the cheap checks
 * come first, so that nonsense costs little.
 *
 * @param shape the counts of the proof's type
 * @param graph the graph of the proof's type
 * @param replicaId 32 bytes
 * @param commD the root of TreeD
 * @param commC the root of TreeC, a field element
 * @param commRLast the root of TreeR, a field element
 */
public record VanillaProofCheck(
    ProofShape shape,
    StackedGraph graph,
    byte[] replicaId,
    byte[] commD,
    byte[] commC,
    byte[] commRLast) {

  /**
   * Checks the proof of a challenge.
   *
   * @param node the challenged node, within the graph and not 0
   * @return what is wrong; empty if the proof holds
   */
  public Optional<String> check(VanillaProof proof, long node) {
    return columnNodes(proof, node)
        .or(() -> labels(proof, node))
        .or(() -> encoding(proof))
        .or(() -> columns(proof))
        .or(() ->
            PathCheck.binary(proof.commD(), shape.treeDLevels(), node, commD)
                .map(reason -> "path in TreeD " + reason))
        .or(() ->
            PathCheck.poseidon(proof.commRLast(), shape.tree(), node, commRLast)
                .map(reason -> "path in TreeR " + reason));
  }

  /** The columns are those of the node and of its parents, and have a label for each layer. */
  private Optional<String> columnNodes(VanillaProof proof, long node) {
    if (proof.drgParents().size() != ProofShape.BASE_PARENTS
        || proof.expParents().size() != ProofShape.EXPANDER_PARENTS) {
      return Optional.of("wrong number of parent columns");
    }
    int[] parents = new int[ProofShape.PARENTS];
    graph.parents(node, parents);
    Optional<String> wrong = columnNode(proof.column(), node);
    for (int i = 0; i < ProofShape.PARENTS && wrong.isEmpty(); i++) {
      wrong = columnNode(parent(proof, i), Integer.toUnsignedLong(parents[i]));
    }
    return wrong;
  }

  private Optional<String> columnNode(ColumnProof column, long node) {
    if (column.index() != node) {
      return Optional.of("column of node " + column.index() + ", expected " + node);
    }
    if (column.rows().size() != shape.layers()) {
      return Optional.of("column of " + column.rows().size() + " rows");
    }
    return column.rows().stream().allMatch(PathCheck::isCanonical)
        ? Optional.empty()
        : Optional.of("column of node " + node + " has a label that is no field element");
  }

  private static ColumnProof parent(VanillaProof proof, int i) {
    return i < ProofShape.BASE_PARENTS
        ? proof.drgParents().get(i)
        : proof.expParents().get(i - ProofShape.BASE_PARENTS);
  }

  /** Each label of the node is the hash of its parents' labels. */
  private Optional<String> labels(VanillaProof proof, long node) {
    if (proof.labeling().size() != shape.layers()) {
      return Optional.of(proof.labeling().size() + " labeling proofs");
    }
    for (int layer = 1; layer <= shape.layers(); layer++) {
      LabelingProof expected =
          LabelingProof.of(layer, node, proof.drgParents(), proof.expParents());
      if (!proof.labeling().get(layer - 1).isSameAs(expected)) {
        return Optional.of("labeling proof of layer " + layer + " is not of the parents' labels");
      }
      if (!Arrays.equals(expected.label(replicaId), proof.column().rows().get(layer - 1))) {
        return Optional.of("label of layer " + layer + " is not the hash of its parents");
      }
    }
    return proof.encoding().isSameAs(proof.labeling().getLast())
        ? Optional.empty()
        : Optional.of("encoding proof is not the last labeling proof");
  }

  /** The replica's node is the data's node plus the last label. */
  private Optional<String> encoding(VanillaProof proof) {
    byte[] data = proof.commD().leaf();
    byte[] replica = proof.commRLast().leaf();
    if (!PathCheck.isCanonical(data) || !PathCheck.isCanonical(replica)) {
      return Optional.of("data or replica node is no field element");
    }
    byte[] encoded = new byte[data.length];
    FrNodes.add(
        MemorySegment.ofArray(proof.column().rows().getLast()),
        0,
        MemorySegment.ofArray(data),
        0,
        MemorySegment.ofArray(encoded),
        0,
        1);
    return Arrays.equals(encoded, replica)
        ? Optional.empty()
        : Optional.of("replica node is not data node plus label");
  }

  /** Each column's hash is a leaf of TreeC, at its node. */
  private Optional<String> columns(VanillaProof proof) {
    Optional<String> wrong = column(proof.column());
    for (int i = 0; i < ProofShape.PARENTS && wrong.isEmpty(); i++) {
      wrong = column(parent(proof, i));
    }
    return wrong;
  }

  private Optional<String> column(ColumnProof column) {
    byte[] hash = Poseidon.ofArity(shape.layers()).hash(column.rows().toArray(byte[][]::new));
    if (!Arrays.equals(hash, column.inclusion().leaf())) {
      return Optional.of("leaf in TreeC is not the hash of column " + column.index());
    }
    return PathCheck.poseidon(column.inclusion(), shape.tree(), column.index(), commC)
        .map(reason -> "path in TreeC of column " + column.index() + " " + reason);
  }
}
