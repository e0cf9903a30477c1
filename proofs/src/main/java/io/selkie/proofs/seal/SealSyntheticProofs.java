package io.selkie.proofs.seal;

import io.selkie.abi.RegisteredSealProof.Kind;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.porep.Challenges;
import io.selkie.proofs.porep.ProofShape;
import io.selkie.proofs.porep.ReplicaId;
import io.selkie.proofs.porep.SyntheticProofFile;
import io.selkie.proofs.porep.VanillaProofCheck;
import io.selkie.proofs.porep.VanillaProver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The step between pre-commit phase 2 and the seed of a synthetic sector: the vanilla proofs of the
 * whole pool of challenges go into one file, and the layers are deleted.
 */
public final class SealSyntheticProofs {
  private SealSyntheticProofs() {}

  /**
   * Writes the pool's proofs into {@code cacheDir}, each verified first, then deletes the layers.
   * If an earlier run has written them, only the layers are deleted.
   *
   * @throws IllegalArgumentException if the sector's proof is not synthetic
   * @throws DamagedFileException if a file of phase 1 or 2 is wrong
   * @throws IOException if a file cannot be read or written
   */
  public static void run(
      SealSector sector, PreCommit2Output phase2, Path sealed, Path cacheDir, SealContext context)
      throws IOException {
    if (sector.proof().kind() != Kind.SYNTHETIC) {
      throw new IllegalArgumentException(sector.proof() + " has no synthetic challenges");
    }
    Path file = cacheDir.resolve(CacheFiles.SYNTHETIC_PROOFS);
    if (!isOf(phase2, sector, file)) {
      Interruptible.run(
          "synthetic proofs", () -> write(sector, phase2, sealed, cacheDir, file, context));
    }
    CacheFiles.clearLayers(cacheDir);
  }

  /** Whether the file is there, complete and of these commitments. */
  private static boolean isOf(PreCommit2Output phase2, SealSector sector, Path file)
      throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try (SyntheticProofFile pool = SyntheticProofFile.open(sector.proof(), file)) {
      return pool.hasRoots(
          phase2.commD().bytes(), phase2.commC().bytes(), phase2.commRLast().bytes());
    } catch (DamagedFileException e) {
      return false; // written again; that this needs the layers is then the failure to report
    }
  }

  /** Writes the file; returns how many proofs it holds. */
  private static int write(
      SealSector sector,
      PreCommit2Output phase2,
      Path sealed,
      Path cacheDir,
      Path file,
      SealContext context)
      throws IOException {
    byte[] commC = phase2.commC().bytes();
    byte[] commRLast = phase2.commRLast().bytes();
    byte[] replicaId =
        ReplicaId.compute(sector.proof(), sector.sector(), sector.ticket(), phase2.commD());
    VanillaProofCheck check =
        VanillaVerifier.proofCheck(sector, replicaId, phase2.commD(), commC, commRLast);
    ProofShape shape = ProofShape.of(sector.proof());
    long[] pool = Challenges.syntheticPool(sector.proof(), replicaId, phase2.commR());
    try (VanillaProver prover = VanillaProver.open(sector.proof(), sealed, cacheDir);
        PendingFile target = PendingFile.create(file)) {
      SyntheticProofFile.writeHeader(target, phase2.commD().bytes(), commC, commRLast);
      context.forEachChunk(
          "synthetic proofs",
          pool.length,
          1,
          (from, to) -> {
            long challenge = pool[(int) from];
            SyntheticProofFile.writeRecord(
                target,
                shape,
                from,
                challenge,
                SealCommit1.proven(prover, challenge, check, cacheDir));
          });
      target.publish();
      return pool.length;
    }
  }
}
