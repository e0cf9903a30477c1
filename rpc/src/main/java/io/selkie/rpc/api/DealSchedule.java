package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * When the data of a piece has to be on chain, and until when.
 *
 * @param startEpoch the sector must be active by this epoch
 * @param endEpoch the data is kept until this epoch
 */
@Wire(type = "piece.DealSchedule")
public record DealSchedule(
    @Wire(type = "abi.ChainEpoch") long startEpoch, @Wire(type = "abi.ChainEpoch") long endEpoch) {}
