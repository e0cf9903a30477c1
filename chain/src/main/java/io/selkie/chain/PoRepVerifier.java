package io.selkie.chain;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.seal.Verdict;

/**
 * Decides whether a proof of replication holds. Until there are SNARK circuits the proof on the
 * devnet is the vanilla proof in its binary form, so {@link
 * io.selkie.proofs.seal.VanillaVerifier#verify} is the one to use.
 */
@FunctionalInterface
public interface PoRepVerifier {

  /** The verdict on {@code proof}, which may be any bytes. */
  Verdict verify(
      RegisteredSealProof proofType,
      SectorId sector,
      Commitment commR,
      Commitment commD,
      Randomness ticket,
      Randomness seed,
      byte[] proof);
}
