package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A supposition for a forecast; a later one wins over an earlier one.
 *
 * @param sectors of which sectors
 * @param expiration the epoch they end at instead; one that is over means now
 */
@Wire(type = "selkie.WhatIf")
public record WhatIf(SectorQuery sectors, @Wire(type = "abi.ChainEpoch") long expiration) {}
