package io.selkie.proofs.seal;

import java.io.IOException;
import java.nio.file.Path;

/** Pre-commit phase 2: the column tree, the replica and its tree. */
public final class SealPreCommit2 {
  private SealPreCommit2() {}

  /**
   * Writes TreeC, the encoded replica over {@code sealed}, tree-r-last, p_aux and t_aux. The data
   * is read from TreeD, so the phase may run again whatever {@code sealed} holds.
   *
   * @throws DamagedFileException if a file of phase 1 has the wrong size, or TreeD another root
   * @throws IOException if a file cannot be read or written
   */
  public static PreCommit2Output run(
      PreCommit1Output phase1, Path sealed, Path cacheDir, SealContext context) throws IOException {
    return Pending.step(PreCommit2Output.class);
  }
}
