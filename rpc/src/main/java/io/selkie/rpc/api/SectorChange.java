package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * Something that happened to a sector.
 *
 * @param offset its place in the order of everything; to be given to go on after it
 * @param sectorId the sector
 * @param sequence its place in the sector's own log, from 1
 * @param at when
 * @param kind what, as the log's Kind
 * @param state where the sector was afterwards
 * @param message the log's Message
 */
@Wire(type = "selkie.SectorChange")
public record SectorChange(
    @Wire(type = "uint64") long offset,
    @Wire(name = "SectorID", type = "abi.SectorNumber") long sectorId,
    @Wire(type = "uint64") long sequence,
    Instant at,
    String kind,
    @Wire(type = "api.SectorState") String state,
    String message) {}
