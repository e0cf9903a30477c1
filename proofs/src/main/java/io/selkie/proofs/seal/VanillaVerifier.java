package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.merkle.PathCheck;
import io.selkie.proofs.porep.Challenges;
import io.selkie.proofs.porep.ProofShape;
import io.selkie.proofs.porep.ReplicaId;
import io.selkie.proofs.porep.VanillaProof;
import io.selkie.proofs.porep.VanillaProofCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Verifies vanilla proofs of replication. It trusts nothing in the proof: challenges, parents,
 * labels, columns, the encoding and every Merkle path are computed again.
 */
public final class VanillaVerifier {
  private VanillaVerifier() {}

  /**
   * Verifies the proofs of all partitions.
   *
   * @param seed the interactive randomness; of no effect on a non-interactive proof
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
    List<List<VanillaProof>> partitions;
    try {
      partitions = Commit1Output.readBincode(proof, bincodeProof);
    } catch (MalformedException e) {
      return new Verdict.Invalid("malformed proof: " + e.getMessage());
    }
    SealSector sealed = new SealSector(proof, sector, ticket);
    return check(sealed, commR, commD, seed, partitions)
        .<Verdict>map(Verdict.Invalid::new)
        .orElseGet(Verdict.Valid::new);
  }

  private static Optional<String> check(
      SealSector sector,
      Commitment commR,
      Commitment commD,
      Randomness seed,
      List<List<VanillaProof>> partitions) {
    Optional<String> wrong = checkCommitments(commR, commD);
    if (wrong.isPresent()) {
      return wrong;
    }
    VanillaProof first = partitions.getFirst().getFirst();
    byte[] commC = first.column().inclusion().root();
    byte[] commRLast = first.commRLast().root();
    wrong = checkRoots(commR, commC, commRLast);
    if (wrong.isPresent()) {
      return wrong;
    }
    byte[] replicaId = ReplicaId.compute(sector.proof(), sector.sector(), sector.ticket(), commD);
    VanillaProofCheck check = proofCheck(sector, replicaId, commD, commC, commRLast);
    long[][] challenges = Challenges.of(sector.proof(), replicaId, commR, seed);
    for (int k = 0; k < challenges.length; k++) {
      for (int i = 0; i < challenges[k].length; i++) {
        wrong = check.check(partitions.get(k).get(i), challenges[k][i]);
        if (wrong.isPresent()) {
          return Optional.of(
              "partition " + k + ", challenge " + challenges[k][i] + ": " + wrong.get());
        }
      }
    }
    return Optional.empty();
  }

  static VanillaProofCheck proofCheck(
      SealSector sector, byte[] replicaId, Commitment commD, byte[] commC, byte[] commRLast) {
    return new VanillaProofCheck(
        ProofShape.of(sector.proof()),
        StackedGraph.of(sector.proof()),
        replicaId,
        commD.bytes(),
        commC,
        commRLast);
  }

  /** CommD and CommR are field elements other than zero. */
  static Optional<String> checkCommitments(Commitment commR, Commitment commD) {
    if (commR.isZero() || !PathCheck.isCanonical(commR.bytes())) {
      return Optional.of("CommR " + commR + " is zero or no field element");
    }
    if (commD.isZero() || !PathCheck.isCanonical(commD.bytes())) {
      return Optional.of("CommD " + commD + " is zero or no field element");
    }
    return Optional.empty();
  }

  /** CommR is the hash of the roots of TreeC and TreeR. */
  public static Optional<String> checkRoots(Commitment commR, byte[] commC, byte[] commRLast) {
    if (!PathCheck.isCanonical(commC) || !PathCheck.isCanonical(commRLast)) {
      return Optional.of("a stated root is no field element");
    }
    return Arrays.equals(Poseidon.ofArity(2).hash(commC, commRLast), commR.bytes())
        ? Optional.empty()
        : Optional.of("CommR is not the hash of the stated roots of TreeC and TreeR");
  }
}
