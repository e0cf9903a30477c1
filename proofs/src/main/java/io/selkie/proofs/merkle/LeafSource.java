package io.selkie.proofs.merkle;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Gives the leaves of a tree; calls come from several threads. */
@FunctionalInterface
public interface LeafSource {

  /**
   * Puts leaves {@code first} to {@code first + count - 1} at the start of {@code into}.
   *
   * @throws IOException if they cannot be read
   */
  void fill(long first, MemorySegment into, long count) throws IOException;
}
