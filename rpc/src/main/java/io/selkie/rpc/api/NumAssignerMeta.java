package io.selkie.rpc.api;

import io.selkie.abi.BitField;
import io.selkie.rpc.json.Wire;

/**
 * The state of the sector number assigner.
 *
 * @param reserved reserved by name
 * @param allocated handed out locally
 * @param inUse both, and those allocated on chain
 * @param next the lowest free number
 */
@Wire(type = "api.NumAssignerMeta")
public record NumAssignerMeta(
    BitField reserved,
    BitField allocated,
    BitField inUse,
    @Wire(type = "abi.SectorNumber") long next) {}
