package io.selkie.proofs.graph;

import io.selkie.abi.RegisteredSealProof;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The graph of a registered seal proof: layers of equal nodes, each node with six base parents in
 * its own layer and eight expander parents in the layer before.
 *
 * <p>Parents depend neither on the layer nor on the sector. Base parents are sampled with ChaCha8
 * ({@link DrgSampler}), expander parents come from a permutation ({@link FeistelPermutation}).
 * Source: Filecoin specification, "Stacked DRG proof of replication"; rust-fil-proofs,
 * storage-proofs-core drgraph.rs and storage-proofs-porep stacked/vanilla/graph.rs.
 *
 * <p>Immutable and safe for any number of threads.
 */
public final class StackedGraph {

  /** Parents in the node's own layer. */
  public static final int BASE_DEGREE = 6;

  /** Parents in the layer before. */
  public static final int EXPANDER_DEGREE = 8;

  /** All parents of a node. */
  public static final int DEGREE = BASE_DEGREE + EXPANDER_DEGREE;

  /** Layers of the two production sizes. */
  private static final int PRODUCTION_LAYERS = 11;

  private static final int TEST_LAYERS = 2;

  /** The largest graph: 64 GiB sectors. Node numbers stay within a positive int. */
  private static final long MAX_NODES = 1L << 31;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long nodeCount;
  private final int layerCount;
  private final boolean legacy;
  private final int[] drgSeed;
  private final long[] feistelKeys;
  private final FeistelPermutation permutation;

  /**
   * @param nodeCount nodes in a layer: a power of two, 2 to 2^31
   * @param layerCount layers, at least 1
   * @param porepId 32 bytes
   * @param legacy whether the first version's order and 32-bit expander parents apply
   */
  StackedGraph(long nodeCount, int layerCount, byte[] porepId, boolean legacy) {
    if (nodeCount < 2 || nodeCount > MAX_NODES || Long.bitCount(nodeCount) != 1) {
      throw new IllegalArgumentException(
          "graph of " + nodeCount + " nodes: not a power of two in 2 to " + MAX_NODES);
    }
    this.nodeCount = nodeCount;
    this.layerCount = layerCount;
    this.legacy = legacy;
    byte[] drg = sha256("Filecoin_DRSample", porepId);
    this.drgSeed = new int[7];
    Arrays.setAll(drgSeed, i -> (int) INT.get(drg, i * 4));
    byte[] feistel = sha256("Filecoin_Feistel", porepId);
    this.feistelKeys = new long[4];
    Arrays.setAll(feistelKeys, i -> (long) LONG.get(feistel, i * 8));
    this.permutation = new FeistelPermutation(nodeCount * EXPANDER_DEGREE, feistelKeys);
  }

  /** The graph of {@code proof}. */
  public static StackedGraph of(RegisteredSealProof proof) {
    int layers =
        switch (proof.sectorSize()) {
          case KIB_2, MIB_8, MIB_512 -> TEST_LAYERS;
          case GIB_32, GIB_64 -> PRODUCTION_LAYERS;
        };
    boolean legacy = proof.kind() == RegisteredSealProof.Kind.V1;
    return new StackedGraph(proof.sectorSize().nodeCount(), layers, PorepId.of(proof), legacy);
  }

  /** Nodes in a layer. */
  public long nodeCount() {
    return nodeCount;
  }

  /** Layers, numbered from 1. */
  public int layerCount() {
    return layerCount;
  }

  /**
   * The parents of a node: six base parents, then eight expander parents, in the order in which
   * they are hashed.
   *
   * @param node 0 to {@link #nodeCount()} - 1
   * @param into receives 14 node numbers
   * @throws IndexOutOfBoundsException if the node is not in the graph or {@code into} too short
   */
  public void parents(long node, int[] into) {
    Objects.checkIndex(node, nodeCount);
    baseParents(node, new int[DrgSampler.SCRATCH_INTS], into);
    for (int i = 0; i < EXPANDER_DEGREE; i++) {
      into[BASE_DEGREE + i] = expanderParent(permutation.apply(node * EXPANDER_DEGREE + i), legacy);
    }
  }

  /** The six base parents of {@code node}, to the start of {@code into}. */
  void baseParents(long node, int[] scratch, int[] into) {
    DrgSampler.sample(drgSeed, node, legacy, scratch, into);
  }

  /** The permutation behind the expander parents. */
  FeistelPermutation permutation() {
    return permutation;
  }

  boolean legacy() {
    return legacy;
  }

  /**
   * The node of a permuted edge. The first version cut the edge to 32 bits, so that in graphs of
   * more than 2^29 nodes the upper ones are never expander parents.
   */
  static int expanderParent(long edge, boolean legacy) {
    long cut = legacy ? edge & 0xffff_ffffL : edge;
    return (int) (cut / EXPANDER_DEGREE);
  }

  /**
   * The name under which the reference keeps this graph's parents, 64 hex digits.
   *
   * <p>Source: rust-fil-proofs, stacked/vanilla/cache.rs (parent cache id); the text is the debug
   * form of the reference's own structures.
   */
  String cacheId() {
    String text =
        "stacked_graph::StackedGraph{expansion_degree: 8 base_graph: drgraph::BucketGraph{size: "
            + nodeCount
            + "; degree: 6; hasher: poseidon_hasher} }";
    byte[] numbers = new byte[36];
    for (int i = 0; i < 4; i++) {
      LONG.set(numbers, i * 8, feistelKeys[i]);
    }
    INT.set(numbers, 32, (int) nodeCount);
    return HexFormat.of().formatHex(sha256("poseidon_hasher" + text, numbers));
  }

  private static byte[] sha256(String text, byte[] bytes) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(text.getBytes(StandardCharsets.US_ASCII));
      return sha256.digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
