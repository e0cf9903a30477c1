package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * How a sector came to its state.
 *
 * @param from the state before
 * @param event the event that led here
 * @param words the same as words
 * @param reason what the event says went wrong; empty if nothing
 * @param at when
 * @param sequence the entry of its log
 */
@Wire(type = "selkie.SectorCame")
public record SectorCame(
    @Wire(type = "api.SectorState") String from,
    String event,
    String words,
    String reason,
    Instant at,
    @Wire(type = "int64") long sequence) {}
