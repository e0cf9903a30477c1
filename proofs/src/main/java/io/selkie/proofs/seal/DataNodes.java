package io.selkie.proofs.seal;

import io.selkie.proofs.field.Fr;
import io.selkie.proofs.file.NodeFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Reads nodes that are about to be computed with, and insists that they are field elements. */
final class DataNodes {
  private DataNodes() {}

  /**
   * Reads {@code count} nodes to the start of {@code into}.
   *
   * @throws DamagedFileException if one is not below r
   */
  static void read(NodeFile file, long first, MemorySegment into, long count) throws IOException {
    file.read(first, into, 0, count);
    for (long i = 0; i < count; i++) {
      if (!Fr.isCanonical(into, i * NodeFile.NODE_BYTES)) {
        throw new DamagedFileException(file.path(), "node " + (first + i) + " is no field element");
      }
    }
  }
}
