package io.selkie.proofs.merkle;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Takes the finished stretches of a tree's rows; calls come from several threads. */
@FunctionalInterface
public interface RowSink {

  /** Keeps nothing: for a tree whose root alone is wanted. */
  RowSink NONE = (row, firstNode, nodes, offset, count) -> {};

  /**
   * Takes a stretch.
   *
   * @param row 0 for the leaves
   * @param firstNode the stretch's first node within the row
   * @param nodes the memory it lies in, valid during the call
   * @param offset its first byte there
   * @param count its nodes
   * @throws IOException if it cannot be written
   */
  void accept(int row, long firstNode, MemorySegment nodes, long offset, long count)
      throws IOException;
}
