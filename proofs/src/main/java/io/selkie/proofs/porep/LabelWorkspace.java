package io.selkie.proofs.porep;

import io.selkie.proofs.graph.StackedGraph;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The scratch memory of {@link LabelKernel} for one layer; owned by one thread. */
final class LabelWorkspace {

  final MessageDigest sha256;

  /** {@link LabelKernel#BATCH} slots of head and parents; layer 1 uses the first one, widened. */
  final byte[] slots;

  /** The parents of a batch, 14 for each node. */
  final int[] parents = new int[LabelKernel.BATCH * StackedGraph.DEGREE];

  final byte[] digest = new byte[LabelKernel.NODE_BYTES];

  /** Where the kernel leaves what it read only to bring it near. */
  long sink;

  /**
   * @param replicaId 32 bytes
   * @param layer 1 for the first
   */
  LabelWorkspace(byte[] replicaId, int layer) {
    slots = slots(replicaId, layer, LabelKernel.BATCH);
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Slots with their heads filled, but for the node. */
  static byte[] slots(byte[] replicaId, int layer, int count) {
    byte[] slots = new byte[count * LabelKernel.SLOT_BYTES];
    for (int at = 0; at < slots.length; at += LabelKernel.SLOT_BYTES) {
      ByteBuffer.wrap(slots, at, LabelKernel.SLOT_BYTES).put(replicaId).putInt(layer);
    }
    return slots;
  }
}
