package io.selkie.rpc;

import io.selkie.abi.BitField;

/**
 * A partition that is proven.
 *
 * @param index within its deadline
 * @param skipped sectors left out
 */
@Wire(type = "miner.PoStPartition")
public record PostPartition(@Wire(type = "uint64") long index, BitField skipped) {}
