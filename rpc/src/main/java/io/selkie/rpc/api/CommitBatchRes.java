package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one prove-commit message.
 *
 * @param sectors the sectors in it
 * @param failedSectors the reasons of those left out
 * @param msg the message, if it was sent
 * @param error empty on success
 */
@Wire(type = "sealiface.CommitBatchRes")
public record CommitBatchRes(
    @Wire(type = "[]abi.SectorNumber") List<Long> sectors,
    @Wire(type = "map[abi.SectorNumber]string") @Nullable Map<Long, String> failedSectors,
    @Nullable Cid msg,
    String error) {}
