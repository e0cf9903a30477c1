package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * An entry of a sector's log.
 *
 * @param sequence its place, from 1
 * @param at when
 * @param kind what, as the log's Kind
 * @param state where the sector was afterwards
 * @param message the log's Message
 */
@Wire(type = "selkie.HistoryEntry")
public record HistoryEntry(
    @Wire(type = "int64") long sequence,
    Instant at,
    String kind,
    @Wire(type = "api.SectorState") String state,
    String message) {}
