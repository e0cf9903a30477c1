package io.selkie.proofs.porep;

import java.util.List;

/**
 * What a label is the hash of.
 *
 * @param parents the 37 parent labels in the order they are hashed
 * @param layer 1 for the first layer
 * @param node the node labelled
 */
public record LabelingProof(List<byte[]> parents, long layer, long node) {}
