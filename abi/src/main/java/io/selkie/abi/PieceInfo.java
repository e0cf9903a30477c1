package io.selkie.abi;

/**
 * A piece as the chain knows it.
 *
 * @param size its size after padding
 * @param commP the root of its data tree
 */
public record PieceInfo(PaddedPieceSize size, Commitment commP) {}
