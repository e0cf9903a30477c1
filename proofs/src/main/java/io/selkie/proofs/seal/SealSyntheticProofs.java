package io.selkie.proofs.seal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The step between pre-commit phase 2 and the seed of a synthetic sector: the vanilla proofs of the
 * whole pool of challenges go into one file, and the layers may be deleted.
 */
public final class SealSyntheticProofs {
  private SealSyntheticProofs() {}

  /**
   * Writes the pool's proofs into {@code cacheDir}, each verified first, then deletes the layers.
   *
   * @throws IllegalArgumentException if the sector's proof is not synthetic
   * @throws DamagedFileException if a file of phase 1 or 2 is wrong
   * @throws IOException if a file cannot be read or written
   */
  public static void run(
      SealSector sector, PreCommit2Output phase2, Path sealed, Path cacheDir, SealContext context)
      throws IOException {
    Pending.step(Void.class);
  }
}
