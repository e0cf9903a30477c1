package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /remote/vanilla/porep} is asked.
 *
 * @param sector the sector
 * @param sealed CommR
 * @param unsealed CommD
 * @param ticket what it was sealed with
 * @param seed what its challenges are drawn from
 */
@Wire(type = "paths.PoRepVanillaParams")
public record PoRepVanillaParams(
    SectorRef sector,
    @Nullable Cid sealed,
    @Nullable Cid unsealed,
    @Wire(type = "abi.SealRandomness") byte @Nullable [] ticket,
    @Wire(type = "abi.InteractiveSealRandomness") byte @Nullable [] seed) {}
