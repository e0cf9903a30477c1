package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * What {@code POST /remote/vanilla/single} is asked.
 *
 * @param miner the sector's miner
 * @param sector the sector and its challenges
 * @param proofType the kind of proof of spacetime
 */
@Wire(type = "paths.SingleVanillaParams")
public record SingleVanillaParams(
    @Wire(type = "abi.ActorID") long miner,
    PostSectorChallenge sector,
    @Wire(type = "abi.RegisteredPoStProof") long proofType) {}
