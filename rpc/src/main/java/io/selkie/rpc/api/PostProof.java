package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A proof of spacetime.
 *
 * @param postProof the proof's kind
 * @param proofBytes the proof
 */
@Wire(type = "proof.PoStProof")
public record PostProof(
    @Wire(name = "PoStProof", type = "abi.RegisteredPoStProof") long postProof,
    byte @Nullable [] proofBytes) {}
