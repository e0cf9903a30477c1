/** Merkle trees kept in files: TreeD, TreeC, TreeR and the paths through them. */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.merkle;
