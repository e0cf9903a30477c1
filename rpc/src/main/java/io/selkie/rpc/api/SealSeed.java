package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The seed the PoRep challenges were drawn with.
 *
 * @param value 32 bytes; absent before it is drawn
 * @param epoch the epoch it was drawn at
 */
@Wire(type = "api.SealSeed")
public record SealSeed(
    @Wire(type = "abi.InteractiveSealRandomness") byte @Nullable [] value,
    @Wire(type = "abi.ChainEpoch") long epoch) {}
