package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.UUID;

/**
 * Work that waits for a worker.
 *
 * @param sector the sector
 * @param taskType what is to be done
 * @param priority higher goes first
 * @param schedId the request
 */
@Wire(type = "sealer.SchedDiagRequestInfo")
public record SchedRequest(
    WireSectorId sector,
    @Wire(type = "sealtasks.TaskType") String taskType,
    @Wire(type = "int") long priority,
    UUID schedId) {}
