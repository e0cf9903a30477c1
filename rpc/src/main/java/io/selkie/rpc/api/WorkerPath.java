package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A storage path of a worker.
 *
 * @param id the path's identity
 * @param weight how much it is preferred
 * @param localPath the directory on the worker's machine
 * @param canSeal whether sectors are sealed in it
 * @param canStore whether finished sectors stay in it
 */
@Wire(type = "storiface.StoragePath")
public record WorkerPath(
    @Wire(name = "ID", type = "storiface.ID") String id,
    @Wire(type = "uint64") long weight,
    String localPath,
    boolean canSeal,
    boolean canStore) {}
