package io.selkie.proofs.merkle;

import java.lang.foreign.MemorySegment;

/** Hashes groups of consecutive nodes, one node out for each group; thread-safe. */
@FunctionalInterface
interface NodeHasher {

  /** Hashes {@code count} groups from byte {@code inOffset} of {@code in} on. */
  void hash(MemorySegment in, long inOffset, MemorySegment out, long outOffset, long count);
}
