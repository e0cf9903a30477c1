package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A sector together with the proof it is sealed with.
 *
 * @param id the sector
 * @param proofType the number of the seal proof; unlisted numbers fail only where they are used
 */
@Wire(type = "storiface.SectorRef")
public record SectorRef(
    @Wire(name = "ID") WireSectorId id, @Wire(type = "abi.RegisteredSealProof") long proofType) {}
