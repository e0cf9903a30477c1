package io.selkie.proofs.porep;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * One label at a time, as the definition says it: the reference for the label kernels, and what the
 * verifier uses.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-porep stacked/vanilla/create_label, labeling_proof.rs.
 */
public final class LabelHash {
  private static final int HEADER_BYTES = 64;
  private static final int NODE_OFFSET = 36;

  private LabelHash() {}

  /**
   * The label of a node.
   *
   * @param replicaId 32 bytes
   * @param layer 1 for the first
   * @param parents 37 labels in the order they are hashed; none for node 0
   * @return 32 bytes, below 2^254
   */
  public static byte[] compute(byte[] replicaId, int layer, long node, List<byte[]> parents) {
    MessageDigest sha256 = sha256();
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(replicaId).putInt(layer).putLong(NODE_OFFSET, node);
    sha256.update(header.array());
    for (byte[] parent : parents) {
      sha256.update(parent);
    }
    byte[] label = sha256.digest();
    label[label.length - 1] &= 0x3f;
    return label;
  }

  /**
   * The parent labels of a node other than 0, in the order they are hashed.
   *
   * @param layer 1 for the first
   * @param base the columns of its 6 base parents, whose labels of this layer count
   * @param expander the columns of its 8 expander parents, whose labels of the layer before count
   */
  static List<byte[]> parents(int layer, List<ColumnProof> base, List<ColumnProof> expander) {
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
    return List.copyOf(parents);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
