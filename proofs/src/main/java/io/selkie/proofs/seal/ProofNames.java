package io.selkie.proofs.seal;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.codec.StructureReader;

/** How the phases' outputs spell the seal proof. */
final class ProofNames {
  private static final int MAX_BYTES = 64;

  private ProofNames() {}

  /** The inner tag, which says V1 for every kind of proof. */
  static String sizeTag(RegisteredSealProof proof) {
    return "StackedDrg" + proof.sectorSize() + "V1";
  }

  static RegisteredSealProof read(StructureReader in) throws MalformedException {
    String spelling = in.text(MAX_BYTES);
    for (RegisteredSealProof proof : RegisteredSealProof.values()) {
      if (proof.spelling().equals(spelling)) {
        return proof;
      }
    }
    throw new MalformedException("unknown seal proof '" + spelling + "'");
  }
}
