package io.selkie.pipeline;

import io.selkie.abi.SectorNumber;

/**
 * Where a piece came to lie.
 *
 * @param sector in which sector
 * @param offset padded bytes from the sector's start
 */
public record SectorOffset(SectorNumber sector, long offset) {}
