package io.selkie.chain;

import io.selkie.abi.ChainEpoch;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;

/**
 * A pre-committed sector whose proof is outstanding.
 *
 * @param info the pre-commit
 * @param due the last epoch its proof is taken in
 */
public record DueProof(PreCommitOnChain info, ChainEpoch due) {}
