package io.selkie.proofs.seal;

import java.io.IOException;

/** Work on a range of equal units, safe to run beside itself on other ranges. */
@FunctionalInterface
public interface ChunkTask {

  /**
   * Does the units {@code from} to {@code to - 1}.
   *
   * @throws IOException if a file could not be read or written; stops the other ranges too
   */
  void run(long from, long to) throws IOException;
}
