package io.selkie.proofs.porep;

import io.selkie.proofs.merkle.InclusionProof;
import java.util.List;

/**
 * A node's labels in all layers, with the path of their hash through TreeC.
 *
 * @param index the node
 * @param rows its label in each layer, the first layer first
 * @param inclusion the path of the column's hash
 */
public record ColumnProof(long index, List<byte[]> rows, InclusionProof inclusion) {}
