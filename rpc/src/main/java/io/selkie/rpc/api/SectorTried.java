package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * Something that went wrong with a sector, or the way back from there, however often it happened.
 *
 * @param state where
 * @param event what happened; empty if the sector only said why it stands still
 * @param words the same as words
 * @param to where that led, the last time
 * @param times how often
 * @param first the first time
 * @param last the last time
 * @param reason why, the last time
 */
@Wire(type = "selkie.SectorTried")
public record SectorTried(
    @Wire(type = "api.SectorState") String state,
    String event,
    String words,
    @Wire(type = "api.SectorState") String to,
    @Wire(type = "int64") long times,
    Instant first,
    Instant last,
    String reason) {}
