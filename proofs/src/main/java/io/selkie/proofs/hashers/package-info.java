/**
 * The two hashes trees are built with.
 *
 * <p>{@link io.selkie.proofs.hashers.Sha256Nodes} builds TreeD; {@link
 * io.selkie.proofs.hashers.Poseidon} hashes columns and builds TreeC and TreeR. Poseidon's work is
 * done by a {@link io.selkie.proofs.hashers.PoseidonKernel}: the scalar one here, or a faster twin
 * found at run time.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.hashers;
