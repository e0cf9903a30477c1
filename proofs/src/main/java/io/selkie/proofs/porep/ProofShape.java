package io.selkie.proofs.porep;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.merkle.TreeShape;

/**
 * The counts in a seal proof, all fixed by its registered type.
 *
 * <p>Source: rust-fil-proofs, filecoin-proofs constants.rs (LAYERS, POREP_PARTITIONS,
 * POREP_MINIMUM_CHALLENGES).
 *
 * @param nodes nodes of the sector
 * @param layers layers of labels
 * @param partitions parts the proof is cut into
 * @param challengesPerPartition challenges of each part
 * @param tree the shape of TreeC and TreeR
 */
public record ProofShape(
    long nodes, int layers, int partitions, int challengesPerPartition, TreeShape tree) {

  /** Parents within the layer. */
  public static final int BASE_PARENTS = 6;

  /** Parents in the layer before. */
  public static final int EXPANDER_PARENTS = 8;

  /** Parents of a node in all. */
  public static final int PARENTS = BASE_PARENTS + EXPANDER_PARENTS;

  /** Parent labels hashed into a label. */
  public static final int LABEL_PARENTS = 37;

  /** The shape of this type of proof. */
  public static ProofShape of(RegisteredSealProof proof) {
    long nodes = proof.sectorSize().nodeCount();
    TreeShape tree = TreeShape.of(proof.sectorSize());
    boolean large =
        switch (proof.sectorSize()) {
          case KIB_2, MIB_8, MIB_512 -> false;
          case GIB_32, GIB_64 -> true;
        };
    return new ProofShape(
        nodes, large ? 11 : 2, Challenges.partitions(proof), Challenges.perPartition(proof), tree);
  }

  /** Levels of TreeD above its leaves. */
  public int treeDLevels() {
    return Long.numberOfTrailingZeros(nodes);
  }
}
