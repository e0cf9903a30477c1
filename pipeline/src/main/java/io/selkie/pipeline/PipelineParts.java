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
 * @param threads where handlers and work in the background run
 * @param elsewhere those who sealed imported sectors
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
    PipelineListener listener,
    WorkThreads threads,
    RemoteSealer elsewhere) {

  /** The usual: on threads of this machine, without sectors that were sealed elsewhere. */
  public PipelineParts(
      ActorId miner,
      SectorJournal journal,
      ChainNode chain,
      Sealer sealer,
      WorkPool work,
      Timekeeper clock,
      RandomGenerator random,
      Supplier<SealingConfig> config,
      PipelineListener listener) {
    this(
        miner,
        journal,
        chain,
        sealer,
        work,
        clock,
        random,
        config,
        listener,
        WorkThreads.ofThisMachine(),
        RemoteSealer.NONE);
  }

  /** The same with another journal. */
  public PipelineParts withJournal(SectorJournal other) {
    return new PipelineParts(
        miner, other, chain, sealer, work, clock, random, config, listener, threads, elsewhere);
  }

  /** The same with those who sealed sectors elsewhere. */
  public PipelineParts withElsewhere(RemoteSealer other) {
    return new PipelineParts(
        miner, journal, chain, sealer, work, clock, random, config, listener, threads, other);
  }

  /** The same, told to another listener. */
  public PipelineParts withListener(PipelineListener other) {
    return new PipelineParts(
        miner, journal, chain, sealer, work, clock, random, config, other, threads, elsewhere);
  }
}
