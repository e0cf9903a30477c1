package io.selkie.rpc.api;

import io.selkie.abi.BitField;
import io.selkie.rpc.json.Wire;

/**
 * A partition that is proven.
 *
 * @param index within its deadline
 * @param skipped sectors left out
 */
@Wire(type = "miner.PoStPartition")
public record PostPartition(@Wire(type = "uint64") long index, BitField skipped) {}
