package io.selkie.rpc;

import io.selkie.abi.BitField;

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
