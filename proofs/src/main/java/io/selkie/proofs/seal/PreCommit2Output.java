package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;

/**
 * The commitments of a sealed sector.
 *
 * @param proof the seal proof
 * @param commR the replica: Poseidon of {@code commC} and {@code commRLast}
 * @param commD the data
 * @param commC the root of TreeC, the columns of labels
 * @param commRLast the root of TreeR, the replica's nodes
 */
public record PreCommit2Output(
    RegisteredSealProof proof,
    Commitment commR,
    Commitment commD,
    Commitment commC,
    Commitment commRLast) {}
