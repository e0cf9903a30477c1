package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * A sector as it was.
 *
 * @param sequence the last of its entries then
 * @param at when that was recorded
 * @param sector as SectorsStatus told it then, without the chain's part
 */
@Wire(type = "selkie.PastSector")
public record PastSector(@Wire(type = "int64") long sequence, Instant at, SectorInfo sector) {}
