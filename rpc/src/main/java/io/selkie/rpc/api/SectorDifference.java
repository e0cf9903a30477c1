package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * What became of a sector between two points.
 *
 * @param from the last entry of the first point; 0 if the sector was not yet there
 * @param to the last entry of the second point
 * @param changes the members that differ, the log aside
 * @param entries what was recorded in between, oldest first
 */
@Wire(type = "selkie.SectorDifference")
public record SectorDifference(
    @Wire(type = "int64") long from,
    @Wire(type = "int64") long to,
    @Wire(type = "[]selkie.FieldChange") List<FieldChange> changes,
    @Wire(type = "[]selkie.HistoryEntry") List<HistoryEntry> entries) {}
