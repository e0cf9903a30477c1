package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a pipeline is made of.
 *
 * @param miner whose sectors
 * @param journal where they are recorded
 * @param chain where they are proven
 * @param sealer who works on their files
 * @param work how much of that at once
 * @param clock the time
 * @param random spreads retries; used under a lock
 * @param config read anew at every use
 * @param listener told what happens
 */
public record PipelineParts(
    ActorId miner,
    SectorJournal journal,
    ChainNode chain,
    Sealer sealer,
    WorkPool work,
    Timekeeper clock,
    RandomGenerator random,
    Supplier<SealingConfig> config,
    PipelineListener listener) {}
