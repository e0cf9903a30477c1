package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work at a worker.
 *
 * @param id the call
 * @param sector the sector
 * @param task such as {@code seal/v0/unseal}
 * @param runWait 2 and more assigned, 1 prepared, 0 running, -1 awaited, -2 returned, -3 consumed
 * @param start when it began
 * @param hostname where a job that is awaited after a restart ran; left out for all others
 */
@Wire(type = "storiface.WorkerJob")
public record WorkerJob(
    @Wire(name = "ID") CallId id,
    WireSectorId sector,
    @Wire(type = "sealtasks.TaskType") String task,
    @Wire(type = "int") long runWait,
    Instant start,
    @Wire(omitEmpty = true) @Nullable String hostname) {}
