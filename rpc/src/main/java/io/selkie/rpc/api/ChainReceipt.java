package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * What became of a message.
 *
 * @param height the block that it is in
 * @param exitCode 0 if it did what it says
 * @param reason why it did not
 * @param confirmations how many epochs the head is past that block
 */
@Wire(type = "selkie.ChainReceipt")
public record ChainReceipt(
    @Wire(type = "abi.ChainEpoch") long height,
    @Wire(type = "exitcode.ExitCode") long exitCode,
    String reason,
    @Wire(type = "abi.ChainEpoch") long confirmations) {}
