package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a window's proof is submitted with.
 *
 * @param deadline its index
 * @param partitions what is proven
 * @param proofs one per kind
 * @param chainCommitEpoch the epoch that the proof commits to
 * @param chainCommitRand its randomness
 */
@Wire(type = "miner.SubmitWindowedPoStParams")
public record WindowPost(
    @Wire(type = "uint64") long deadline,
    @Wire(type = "[]miner.PoStPartition") List<PostPartition> partitions,
    @Wire(type = "[]proof.PoStProof") List<PostProof> proofs,
    @Wire(type = "abi.ChainEpoch") long chainCommitEpoch,
    @Wire(type = "abi.Randomness") byte @Nullable [] chainCommitRand) {}
