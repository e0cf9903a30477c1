package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * What a task needs.
 *
 * @param minMemory bytes
 * @param maxMemory bytes
 * @param gpuUtilization share of a GPU
 * @param maxParallelism threads, -1 for all
 * @param maxParallelismGpu threads when a GPU is used
 * @param baseMinMemory bytes shared by tasks of one kind
 * @param maxConcurrent tasks at once, 0 for no limit
 */
@Wire(type = "storiface.Resources")
public record TaskResources(
    @Wire(type = "uint64") long minMemory,
    @Wire(type = "uint64") long maxMemory,
    @Wire(name = "GPUUtilization") double gpuUtilization,
    @Wire(type = "int") long maxParallelism,
    @Wire(name = "MaxParallelismGPU", type = "int") long maxParallelismGpu,
    @Wire(type = "uint64") long baseMinMemory,
    @Wire(type = "int") long maxConcurrent) {}
