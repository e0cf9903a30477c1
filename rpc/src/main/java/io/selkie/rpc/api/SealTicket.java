package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The ticket a sector was sealed with.
 *
 * @param value 32 bytes; absent before it is drawn
 * @param epoch the epoch it was drawn at
 */
@Wire(type = "api.SealTicket")
public record SealTicket(
    @Wire(type = "abi.SealRandomness") byte @Nullable [] value,
    @Wire(type = "abi.ChainEpoch") long epoch) {}
