package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one pre-commit message.
 *
 * @param sectors the sectors in it
 * @param msg the message, if it was sent
 * @param error empty on success
 */
@Wire(type = "sealiface.PreCommitBatchRes")
public record PreCommitBatchRes(
    @Wire(type = "[]abi.SectorNumber") List<Long> sectors, @Nullable Cid msg, String error) {}
