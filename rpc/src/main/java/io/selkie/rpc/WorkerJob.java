package io.selkie.rpc;

import java.time.Instant;

/**
 * A piece of work at a worker.
 *
 * @param id the call
 * @param sector the sector
 * @param task such as {@code seal/v0/unseal}
 * @param runWait 2 and more assigned, 1 prepared, 0 running, -1 awaited, -2 returned, -3 consumed
 * @param start when it began
 */
@Wire(type = "storiface.WorkerJob")
public record WorkerJob(
    @Wire(name = "ID") CallId id,
    WireSectorId sector,
    @Wire(type = "sealtasks.TaskType") String task,
    @Wire(type = "int") long runWait,
    Instant start) {}
