package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Data back from a replica. All labels are computed again, which costs what phase 1 costs. */
public final class Unseal {
  private Unseal() {}

  /**
   * Writes the padded data of the whole sector to {@code target} from offset 0 on, and forces it.
   *
   * @param sealed the replica; not changed
   * @param workDir a scratch directory for temporary files; never a sector's cache directory
   * @throws DamagedFileException if the replica does not decode to data with this CommD
   * @throws IOException if a file cannot be read or written
   */
  public static void sector(
      SealSector sector,
      Commitment commD,
      Path sealed,
      Path workDir,
      FileChannel target,
      SealContext context)
      throws IOException {
    Pending.step(Void.class);
  }

  /**
   * Writes a range of the sector's client bytes, after the whole sector was found to decode to data
   * with this CommD.
   *
   * @param offsetUnpadded where the range starts, a multiple of 127
   * @param sizeUnpadded its bytes, a multiple of 127
   * @throws IllegalArgumentException if the range is not so aligned or not within the sector
   * @throws DamagedFileException if the replica does not decode to data with this CommD
   * @throws IOException if a file cannot be read or the stream not be written
   */
  public static void range(
      SealSector sector,
      Commitment commD,
      Path sealed,
      Path workDir,
      long offsetUnpadded,
      long sizeUnpadded,
      OutputStream to,
      SealContext context)
      throws IOException {
    Pending.step(Void.class);
  }
}
