package io.selkie.proofs.merkle;

import java.util.List;

/**
 * A leaf's path to the root of a tree that may have a sub and a top level above its base trees.
 *
 * @param root 32 bytes
 * @param leaf 32 bytes
 * @param base the levels of the base tree, from the leaf up
 * @param sub the level over base trees; empty if the shape has none
 * @param top the level over sub trees; empty if the shape has none
 */
public record InclusionProof(
    byte[] root,
    byte[] leaf,
    List<PathElement> base,
    List<PathElement> sub,
    List<PathElement> top) {}
