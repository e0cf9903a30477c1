package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * An event that a sector in some state accepts, and where it leads.
 *
 * @param event its name
 * @param words the same as words
 * @param failure whether it says that something went wrong
 * @param state the state it leads to; empty if the event names it, or if it is not recorded
 * @param meaning what a sector does there
 * @param condition when, or how, it leads there; empty if without condition
 */
@Wire(type = "selkie.NextState")
public record NextState(
    String event,
    String words,
    boolean failure,
    @Wire(type = "api.SectorState") String state,
    String meaning,
    String condition) {}
