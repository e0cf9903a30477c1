package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.porep.VanillaProof;
import java.util.List;

/**
 * The vanilla proofs of a sector with what they were made from.
 *
 * @param proof the seal proof
 * @param partitions for each partition the proofs of its challenges
 * @param commR the replica
 * @param commD the data
 * @param replicaId 32 bytes
 * @param seed the interactive randomness
 * @param ticket the randomness in the replica id
 */
public record Commit1Output(
    RegisteredSealProof proof,
    List<List<VanillaProof>> partitions,
    Commitment commR,
    Commitment commD,
    byte[] replicaId,
    Randomness seed,
    Randomness ticket) {

  /** The reference's serialisation, byte for byte. */
  public byte[] toJson() {
    return Pending.step(byte[].class);
  }

  /**
   * Reads what {@link #toJson} or the reference wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Commit1Output ofJson(byte[] json) {
    return Pending.step(Commit1Output.class);
  }

  /** The proofs alone, bincode of partitions, challenges, proof. */
  public byte[] toBincode() {
    return Pending.step(byte[].class);
  }

  /**
   * Reads proofs written by {@link #toBincode}.
   *
   * @param proof the seal proof, which fixes every count in them
   * @throws IllegalArgumentException if the bytes are not exactly such proofs
   */
  public static List<List<VanillaProof>> partitionsOfBincode(
      RegisteredSealProof proof, byte[] bincode) {
    Pending.step(Void.class);
    return List.of();
  }
}
