/** Proof of replication, bit for bit: field, hashers, trees, graph, sealing, vanilla proofs. */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs;
