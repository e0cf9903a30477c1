package io.selkie.rpc.api;

import io.selkie.abi.Address;
import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * An actor to be told that a piece was activated.
 *
 * @param address the actor
 * @param payload what it is told
 */
@Wire(type = "miner.DataActivationNotification")
public record DataActivationNotification(Address address, byte @Nullable [] payload) {}
