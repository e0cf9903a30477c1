package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.UUID;

/**
 * One call to a worker; as text {@code M-N-uuid}.
 *
 * @param sector the sector it works on
 * @param id the call
 */
@Wire(type = "storiface.CallID")
public record CallId(WireSectorId sector, @Wire(name = "ID") UUID id) {}
