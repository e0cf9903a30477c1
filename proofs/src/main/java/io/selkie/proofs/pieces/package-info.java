/**
 * Pieces and their commitments: CommP of a stream, CommD of a list of pieces. Start at {@link
 * io.selkie.proofs.pieces.PieceCommitment}.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.pieces;
