package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's machine has.
 *
 * @param memPhysical bytes
 * @param memUsed bytes
 * @param memSwap bytes
 * @param memSwapUsed bytes
 * @param cpus logical processors
 * @param gpus names
 * @param resources by task and proof number
 */
@Wire(type = "storiface.WorkerResources")
public record WorkerResources(
    @Wire(type = "uint64") long memPhysical,
    @Wire(type = "uint64") long memUsed,
    @Wire(type = "uint64") long memSwap,
    @Wire(type = "uint64") long memSwapUsed,
    @Wire(name = "CPUs", type = "uint64") long cpus,
    @Wire(name = "GPUs", type = "[]string") @Nullable List<String> gpus,
    @Wire(type = "map[sealtasks.TaskType]map[abi.RegisteredSealProof]storiface.Resources")
        @Nullable Map<String, Map<Long, TaskResources>> resources) {}
