package io.selkie.rpc.api;

import io.selkie.abi.BitField;
import io.selkie.rpc.json.Wire;

/**
 * Sectors of a partition, or of all, by how the chain sees them.
 *
 * @param all ever assigned, terminated ones too
 * @param live not terminated
 * @param active counted for power
 * @param faulty not proven when they should have been, or declared so
 * @param recovering faulty and declared recovered
 * @param unproven not proven in a window yet
 */
@Wire(type = "selkie.SectorSets")
public record SectorSets(
    BitField all,
    BitField live,
    BitField active,
    BitField faulty,
    BitField recovering,
    BitField unproven) {}
