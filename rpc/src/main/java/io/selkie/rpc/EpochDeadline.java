package io.selkie.rpc;

/**
 * An epoch before which something must have happened.
 *
 * @param epoch the epoch
 * @param what what must have happened
 */
@Wire(type = "selkie.EpochDeadline")
public record EpochDeadline(@Wire(type = "abi.ChainEpoch") long epoch, String what) {}
