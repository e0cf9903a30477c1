package io.selkie.proofs.post;

import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.merkle.PathCheck;
import io.selkie.proofs.merkle.TreeShape;
import io.selkie.proofs.seal.VanillaVerifier;
import io.selkie.proofs.seal.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Verifies vanilla proofs of spacetime. It trusts nothing in the proof: challenges and every hash
 * from the challenged node to CommR are computed again.
 */
public final class PostVerifier {
  private PostVerifier() {}

  /**
   * Verifies the proof of one sector.
   *
   * @param nodes the challenges that it must answer
   * @param bincodeProof as {@link SectorPostProof#toBincode} gives it; may be anything
   */
  public static Verdict verifySector(
      SectorSize size, PostSector sector, long[] nodes, byte[] bincodeProof) {
    try {
      SectorPostProof proof = SectorPostProof.ofBincode(size, nodes.length, bincodeProof);
      return verdict(check(size, sector, nodes, proof));
    } catch (MalformedException e) {
      return new Verdict.Invalid("malformed proof: " + e.getMessage());
    }
  }

  /**
   * Verifies a whole proof.
   *
   * @param sectors all that must be proven, in the order of the proof
   * @param bincodeProof as {@link PostProofBytes#toBincode} gives it; may be anything
   */
  public static Verdict verify(
      RegisteredPoStProof type,
      Randomness randomness,
      List<PostSector> sectors,
      byte[] bincodeProof) {
    if (sectors.isEmpty() || (type.partitionSectors() == 1 && sectors.size() != 1)) {
      return new Verdict.Invalid(sectors.size() + " sectors in a proof of kind " + type.kind());
    }
    List<SectorPostProof> proofs;
    try {
      proofs = PostProofBytes.read(type, sectors.size(), bincodeProof);
    } catch (MalformedException e) {
      return new Verdict.Invalid("malformed proof: " + e.getMessage());
    }
    for (int i = 0; i < sectors.size(); i++) {
      PostSector sector = sectors.get(i);
      long[] nodes = PostChallenges.nodes(type, randomness, sector.number(), i);
      Optional<String> wrong = check(type.sectorSize(), sector, nodes, proofs.get(i));
      if (wrong.isPresent()) {
        return new Verdict.Invalid("sector " + sector.number() + ": " + wrong.get());
      }
    }
    return new Verdict.Valid();
  }

  private static Verdict verdict(Optional<String> wrong) {
    return wrong.<Verdict>map(Verdict.Invalid::new).orElseGet(Verdict.Valid::new);
  }

  /** What is wrong with the proof; empty if it holds. */
  static Optional<String> check(
      SectorSize size, PostSector sector, long[] nodes, SectorPostProof proof) {
    if (!proof.sector().equals(sector.number()) || !proof.commR().equals(sector.commR())) {
      return Optional.of(
          "it is of sector %s with CommR %s, expected %s with CommR %s"
              .formatted(proof.sector(), proof.commR(), sector.number(), sector.commR()));
    }
    if (proof.paths().size() != nodes.length) {
      return Optional.of(proof.paths().size() + " paths for " + nodes.length + " challenges");
    }
    Optional<String> wrong =
        VanillaVerifier.checkRoots(sector.commR(), proof.commC(), proof.commRLast());
    TreeShape shape = TreeShape.of(size);
    for (int i = 0; i < nodes.length && wrong.isEmpty(); i++) {
      long node = nodes[i];
      wrong =
          PathCheck.poseidon(proof.paths().get(i), shape, node, proof.commRLast())
              .map(reason -> "node " + node + ": path in TreeR " + reason);
    }
    return wrong;
  }
}
