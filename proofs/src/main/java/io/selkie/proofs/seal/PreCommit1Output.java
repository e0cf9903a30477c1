package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;

/**
 * What pre-commit phase 1 hands to phase 2.
 *
 * @param proof the seal proof
 * @param cachePath the cache directory as it was given, which the reference writes into the output
 * @param commD the root of TreeD
 */
public record PreCommit1Output(RegisteredSealProof proof, String cachePath, Commitment commD) {

  /** The reference's serialisation, byte for byte. */
  public byte[] toJson() {
    return Pending.step(byte[].class);
  }

  /**
   * Reads what {@link #toJson} or the reference wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static PreCommit1Output ofJson(byte[] json) {
    return Pending.step(PreCommit1Output.class);
  }
}
