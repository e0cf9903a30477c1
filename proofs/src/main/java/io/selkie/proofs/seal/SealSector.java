package io.selkie.proofs.seal;

import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;

/**
 * What fixes a sector's replica besides its data.
 *
 * @param proof the seal proof, which gives size, graph and kind of challenges
 * @param sector the miner and the number
 * @param ticket the randomness the replica id binds
 */
public record SealSector(RegisteredSealProof proof, SectorId sector, Randomness ticket) {}
