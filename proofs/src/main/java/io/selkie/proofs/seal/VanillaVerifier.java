package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;

/**
 * Verifies vanilla proofs of replication. It trusts nothing in the proof: challenges, parents,
 * labels, columns, the encoding and every Merkle path are computed again.
 */
public final class VanillaVerifier {
  private VanillaVerifier() {}

  /**
   * Verifies the proofs of all partitions.
   *
   * @param bincodeProof as {@link Commit1Output#toBincode} gives it; may be anything
   */
  public static Verdict verify(
      RegisteredSealProof proof,
      SectorId sector,
      Commitment commR,
      Commitment commD,
      Randomness ticket,
      Randomness seed,
      byte[] bincodeProof) {
    return Pending.step(Verdict.class);
  }
}
