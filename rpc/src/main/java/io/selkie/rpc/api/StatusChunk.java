package io.selkie.rpc.api;

import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * Some of the sectors of a batch.
 *
 * @param height the chain's height that all of the batch is answered for
 * @param sectors the members asked for, as SectorsStatus tells them
 */
@Wire(type = "selkie.StatusChunk")
public record StatusChunk(
    @Wire(type = "abi.ChainEpoch") long height,
    @Wire(type = "[]api.SectorInfo") List<JsonValue.Written> sectors) {}
