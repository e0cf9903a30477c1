package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's queue.
 *
 * @param requests absent when idle
 * @param openWindows workers that ask for work
 */
@Wire(type = "sealer.SchedDiagInfo")
public record SchedInfo(
    @Wire(type = "[]sealer.SchedDiagRequestInfo") @Nullable List<SchedRequest> requests,
    @Wire(type = "[]string") @Nullable List<String> openWindows) {}
