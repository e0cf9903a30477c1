package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * All locks held.
 *
 * @param locks empty when idle
 */
@Wire(type = "storiface.SectorLocks")
public record SectorLocks(@Wire(type = "[]storiface.SectorLock") List<SectorLock> locks) {}
