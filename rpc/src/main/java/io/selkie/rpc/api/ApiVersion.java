package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * What the node is.
 *
 * @param version the build
 * @param apiVersion major, minor and patch, eight bits each
 * @param blockDelay seconds per epoch
 * @param agent the program
 */
@Wire(type = "api.APIVersion")
public record ApiVersion(
    String version,
    @Wire(name = "APIVersion", type = "api.Version") int apiVersion,
    @Wire(type = "uint64") long blockDelay,
    String agent) {}
