package io.selkie.proofs.porep;

import io.selkie.proofs.graph.StackedGraph;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A single label as it is defined: the readable reference for {@link LabelKernel}. */
final class LabelScalar {

  private static final int NODE_BYTES = 32;
  private static final int HEAD_BYTES = 64;

  /** Parents hashed into a label, repeated in order until there are that many. */
  private static final int HASHED_PARENTS = 37;

  private LabelScalar() {}

  /**
   * The label of a node: SHA-256 of replica id, layer, node and its parents' labels, its two top
   * bits cleared.
   *
   * @param layer 1 for the first
   * @param parents the labels hashed: none for node 0, the base parents in layer 1, all in later
   *     layers
   */
  static byte[] label(byte[] replicaId, int layer, long node, byte[][] parents) {
    int hashed = parents.length == 0 ? 0 : HASHED_PARENTS;
    ByteBuffer preimage = ByteBuffer.allocate(HEAD_BYTES + hashed * NODE_BYTES);
    preimage.put(replicaId).putInt(layer).putLong(node).position(HEAD_BYTES);
    for (int i = 0; i < hashed; i++) {
      preimage.put(parents[i % parents.length]);
    }
    try {
      byte[] label = MessageDigest.getInstance("SHA-256").digest(preimage.array());
      label[NODE_BYTES - 1] &= 0x3f;
      return label;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** How many of a node's parents its label hashes. */
  static int hashedParents(int layer, long node) {
    if (node == 0) {
      return 0;
    }
    return layer == 1 ? StackedGraph.BASE_DEGREE : StackedGraph.DEGREE;
  }
}
