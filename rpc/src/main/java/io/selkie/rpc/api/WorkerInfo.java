package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A worker's machine.
 *
 * @param hostname its name
 * @param ignoreResources whether the scheduler looks at its memory
 * @param resources what it has
 */
@Wire(type = "storiface.WorkerInfo")
public record WorkerInfo(String hostname, boolean ignoreResources, WorkerResources resources) {}
