package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * An entry of a sector's own log.
 *
 * @param kind such as {@code event;sealing.SectorStartCC}
 * @param timestamp Unix seconds
 * @param trace the error text of failure events, else empty
 * @param message the event's public members as JSON
 */
@Wire(type = "api.SectorLog")
public record SectorLog(
    String kind, @Wire(type = "uint64") long timestamp, String trace, String message) {}
