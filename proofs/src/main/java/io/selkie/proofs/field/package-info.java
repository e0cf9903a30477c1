/**
 * The scalar field of BLS12-381, in which nodes, labels and Poseidon live.
 *
 * <p>{@link io.selkie.proofs.field.Fr} is the scalar arithmetic every faster kernel must equal;
 * {@link io.selkie.proofs.field.FrNodes} adds and subtracts whole files of nodes.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.field;
