package io.selkie.proofs.seal;

import io.selkie.abi.Bytes32;
import io.selkie.abi.Commitment;
import io.selkie.proofs.file.PendingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The content of {@code p_aux}: the two roots CommR hashes, kept as long as the sector.
 *
 * @param commC the root of TreeC
 * @param commRLast the root of TreeR
 */
public record PersistentAux(Commitment commC, Commitment commRLast) {
  private static final int BYTES = 2 * Bytes32.LENGTH;

  void write(Path cacheDir) throws IOException {
    byte[] bytes = new byte[BYTES];
    commC.copyTo(bytes, 0);
    commRLast.copyTo(bytes, Bytes32.LENGTH);
    PendingFile.writeWhole(cacheDir.resolve(CacheFiles.P_AUX), bytes);
  }

  /**
   * Reads the file and holds it to CommR.
   *
   * @throws DamagedFileException if its size is wrong or CommR is not the hash of what it holds
   */
  public static PersistentAux read(Path cacheDir, Commitment commR) throws IOException {
    Path path = cacheDir.resolve(CacheFiles.P_AUX);
    long size = Files.size(path);
    if (size != BYTES) {
      throw DamagedFileException.ofSize(path, size, BYTES);
    }
    byte[] bytes = Files.readAllBytes(path);
    byte[] commC = Arrays.copyOf(bytes, Bytes32.LENGTH);
    byte[] commRLast = Arrays.copyOfRange(bytes, Bytes32.LENGTH, BYTES);
    if (VanillaVerifier.checkRoots(commR, commC, commRLast).isPresent()) {
      throw new DamagedFileException(path, "its two roots do not hash to CommR " + commR);
    }
    return new PersistentAux(new Commitment(commC), new Commitment(commRLast));
  }
}
