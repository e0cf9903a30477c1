package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * An allocation of verified data cap.
 *
 * @param client the client's actor id, unsigned
 * @param id the allocation, unsigned
 */
@Wire(type = "miner.VerifiedAllocationKey")
public record VerifiedAllocationKey(
    @Wire(type = "abi.ActorID") long client,
    @Wire(name = "ID", type = "verifreg.AllocationId") long id) {}
