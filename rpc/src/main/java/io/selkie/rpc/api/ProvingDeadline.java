package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * A deadline of the proving period.
 *
 * @param index its place in the period
 * @param open when it next opens, or opened if it is open
 * @param provenPartitions how many partitions are proven in this window so far
 * @param partitions in order
 */
@Wire(type = "selkie.ProvingDeadline")
public record ProvingDeadline(
    @Wire(type = "uint64") long index,
    @Wire(type = "abi.ChainEpoch") long open,
    @Wire(type = "uint64") long provenPartitions,
    @Wire(type = "[]selkie.ProvingPartition") List<ProvingPartition> partitions) {}
