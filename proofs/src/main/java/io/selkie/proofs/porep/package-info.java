/**
 * The stacked DRG proof of replication: replica id, labels, challenges, encoding and vanilla
 * proofs.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.porep;
