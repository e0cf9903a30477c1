/**
 * The stacked depth-robust graph: who are the parents of a node, and the file that keeps them.
 * Start at {@link io.selkie.proofs.graph.StackedGraph}.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.graph;
