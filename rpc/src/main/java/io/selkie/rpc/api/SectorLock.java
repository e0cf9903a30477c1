package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * The locks held on one sector; positions follow the bits of the file type.
 *
 * @param sector the sector
 * @param write writers per file type, six numbers
 * @param read readers per file type, six numbers
 */
@Wire(type = "storiface.SectorLock")
public record SectorLock(
    WireSectorId sector,
    @Wire(type = "[]uint") List<Long> write,
    @Wire(type = "[]uint") List<Long> read) {}
