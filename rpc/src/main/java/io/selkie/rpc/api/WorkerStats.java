package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import java.util.Map;

/**
 * A worker and what it is busy with.
 *
 * @param info the machine
 * @param tasks what it takes on
 * @param enabled whether it is given work
 * @param memUsedMin bytes
 * @param memUsedMax bytes
 * @param gpuUsed GPUs in use
 * @param cpuUse processors in use
 * @param taskCounts by {@code PROOF:TASK}
 */
@Wire(type = "storiface.WorkerStats")
public record WorkerStats(
    WorkerInfo info,
    @Wire(type = "[]sealtasks.TaskType") List<String> tasks,
    boolean enabled,
    @Wire(type = "uint64") long memUsedMin,
    @Wire(type = "uint64") long memUsedMax,
    double gpuUsed,
    @Wire(type = "uint64") long cpuUse,
    @Wire(type = "map[string]int") Map<String, Long> taskCounts) {}
