package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler knows.
 *
 * @param schedInfo its queue
 * @param returnedWork results not yet consumed
 * @param waiting calls awaited
 * @param callToWork calls and their work
 * @param earlyRet results nobody waited for
 */
@Wire(type = "sealer.SchedDiag")
public record SchedDiag(
    SchedInfo schedInfo,
    @Wire(type = "[]string") @Nullable List<String> returnedWork,
    @Wire(type = "[]string") @Nullable List<String> waiting,
    @Wire(type = "map[string]string") Map<String, String> callToWork,
    @Wire(type = "[]string") @Nullable List<String> earlyRet) {}
