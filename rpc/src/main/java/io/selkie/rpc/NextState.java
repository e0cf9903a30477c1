package io.selkie.rpc;

/**
 * An event that a state acts on.
 *
 * @param event its name
 * @param state the state it leads to
 */
@Wire(type = "selkie.NextState")
public record NextState(String event, @Wire(type = "api.SectorState") String state) {}
