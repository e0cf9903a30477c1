package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tip set.
 *
 * @param cids its blocks' CIDs
 * @param blocks their headers, absent where the node keeps none
 * @param height its epoch
 */
@Wire(type = "types.TipSet")
public record TipSet(
    @Wire(type = "[]cid.Cid") List<Cid> cids,
    @Wire(type = "[]types.BlockHeader") @Nullable List<JsonValue> blocks,
    @Wire(type = "abi.ChainEpoch") long height) {}
