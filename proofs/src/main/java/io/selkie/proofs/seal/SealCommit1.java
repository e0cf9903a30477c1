package io.selkie.proofs.seal;

import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Commit phase 1: the vanilla proofs of every partition. */
public final class SealCommit1 {
  private SealCommit1() {}

  /**
   * Reads the challenged nodes from the sector's files, proves them and verifies the proofs.
   * Nothing is written.
   *
   * @param seed the interactive randomness; of no effect on a non-interactive proof's challenges
   * @param pieces all pieces in order, the zero pieces included
   * @throws IllegalArgumentException if the pieces do not have the commitment of phase 2
   * @throws DamagedFileException if a file is wrong: its size, or what it proves
   * @throws IOException if a file cannot be read
   */
  public static Commit1Output run(
      SealSector sector,
      Randomness seed,
      PreCommit2Output phase2,
      List<PieceInfo> pieces,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    return Pending.step(Commit1Output.class);
  }
}
