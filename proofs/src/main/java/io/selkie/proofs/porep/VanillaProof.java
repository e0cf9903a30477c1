package io.selkie.proofs.porep;

import io.selkie.proofs.merkle.InclusionProof;
import java.util.List;

/**
 * The proof of one challenged node.
 *
 * @param commD the data node's path through TreeD
 * @param commRLast the replica node's path through TreeR
 * @param column the node's own column
 * @param drgParents the columns of its 6 base parents, in graph order
 * @param expParents the columns of its 8 expander parents, in graph order
 * @param labeling one proof for each layer
 * @param encoding the last layer's label as the key of the encoding
 */
public record VanillaProof(
    InclusionProof commD,
    InclusionProof commRLast,
    ColumnProof column,
    List<ColumnProof> drgParents,
    List<ColumnProof> expParents,
    List<LabelingProof> labeling,
    LabelingProof encoding) {}
