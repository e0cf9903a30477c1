/**
 * The words of the chain, as values: numbers, sizes, commitments, CIDs, and the encodings they
 * travel in.
 *
 * <p>Everything here is immutable and depends on nothing. Start with {@link
 * io.selkie.abi.SectorId}, {@link io.selkie.abi.RegisteredSealProof} and {@link
 * io.selkie.abi.PieceInfo}; every other module speaks in these.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.abi;
