package io.selkie.proofs.merkle;

import java.util.List;

/**
 * One step of a Merkle path.
 *
 * @param hashes the other nodes of the group, in increasing position
 * @param index the position of the path's own node in the group
 */
public record PathElement(List<byte[]> hashes, long index) {}
