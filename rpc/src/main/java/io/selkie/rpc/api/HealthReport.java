package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * What a storage path reports of itself.
 *
 * @param stat its room
 * @param err empty if well
 */
@Wire(type = "storiface.HealthReport")
public record HealthReport(FsStat stat, String err) {}
