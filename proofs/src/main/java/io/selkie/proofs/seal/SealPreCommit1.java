package io.selkie.proofs.seal;

import io.selkie.abi.PieceInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Pre-commit phase 1: the data tree and the layers of labels. */
public final class SealPreCommit1 {
  private SealPreCommit1() {}

  /**
   * Copies the staged data to {@code sealed}, zero-extended to the sector's size, writes TreeD and
   * all layers into {@code cacheDir}. Layers that are already complete there are kept.
   *
   * @param pieces all pieces in order, the zero pieces that fill the sector included
   * @param staged the padded data; not changed. A shorter file counts as ending in zeros; what lies
   *     behind the sector's size, the trailer of an unsealed file, is not read
   * @throws IllegalArgumentException if the pieces do not fill the sector
   * @throws DamagedFileException if the staged data does not have the pieces' commitment
   * @throws IOException if a file cannot be read or written
   */
  public static PreCommit1Output run(
      SealSector sector,
      List<PieceInfo> pieces,
      Path staged,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    return Pending.step(PreCommit1Output.class);
  }
}
