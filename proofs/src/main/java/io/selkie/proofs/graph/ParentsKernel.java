package io.selkie.proofs.graph;

import java.nio.ByteBuffer;

/**
 * Rows of the parents file: per node six base and eight expander parents, little-endian 32-bit
 * numbers.
 *
 * <p>Equal to {@link StackedGraph#parents} node by node, with the permutation's round function
 * looked up. The tables are shared and only read; all else belongs to the call.
 */
final class ParentsKernel {

  private ParentsKernel() {}

  /**
   * Appends the rows of the nodes {@code from} to {@code to - 1}.
   *
   * @param tables those of the graph's permutation
   * @param out little-endian, with room for 56 bytes per node
   */
  static void rows(StackedGraph graph, int[] tables, long from, long to, ByteBuffer out) {
    boolean legacy = graph.legacy();
    int halfBits = graph.permutation().halfBits();
    long edges = graph.permutation().size();
    int[] scratch = new int[DrgSampler.SCRATCH_INTS];
    int[] row = new int[StackedGraph.BASE_DEGREE];
    for (long node = from; node < to; node++) {
      graph.baseParents(node, scratch, row);
      for (int i = 0; i < StackedGraph.BASE_DEGREE; i++) {
        out.putInt(row[i]);
      }
      long firstEdge = node * StackedGraph.EXPANDER_DEGREE;
      for (int i = 0; i < StackedGraph.EXPANDER_DEGREE; i++) {
        long edge = FeistelPermutation.apply(firstEdge + i, tables, halfBits, edges);
        out.putInt(StackedGraph.expanderParent(edge, legacy));
      }
    }
  }
}
