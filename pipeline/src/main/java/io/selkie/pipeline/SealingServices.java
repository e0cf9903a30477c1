package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.SectorId;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What handlers work with. Thread-safe. */
final class SealingServices {

  private static final Logger LOG = LoggerFactory.getLogger(SealingServices.class);

  private final ActorId miner;
  private final ChainNode chain;
  private final Sealer sealer;
  private final WorkPool work;
  private final Timekeeper clock;
  private final RandomGenerator random;
  private final Supplier<SealingConfig> config;
  private final PipelineListener listener;
  private final RemoteSealer elsewhere;
  private final ImportBook imports;
  private final InputQueue input;
  private final MessageBatcher<BatchKinds.PreCommitItem> preCommits;
  private final MessageBatcher<BatchKinds.CommitItem> commits;
  private final MessageBatcher<ChainNode.SectorPlace> terminations;

  SealingServices(
      PipelineParts parts,
      ImportBook imports,
      InputQueue input,
      MessageBatcher<BatchKinds.PreCommitItem> preCommits,
      MessageBatcher<BatchKinds.CommitItem> commits,
      MessageBatcher<ChainNode.SectorPlace> terminations) {
    this.miner = parts.miner();
    this.chain = parts.chain();
    this.sealer = parts.sealer();
    this.work = parts.work();
    this.clock = parts.clock();
    this.random = parts.random();
    this.config = parts.config();
    this.listener = parts.listener();
    this.elsewhere = parts.elsewhere();
    this.imports = imports;
    this.input = input;
    this.preCommits = preCommits;
    this.commits = commits;
    this.terminations = terminations;
  }

  ActorId miner() {
    return miner;
  }

  ChainNode chain() {
    return chain;
  }

  Sealer sealer() {
    return sealer;
  }

  RemoteSealer elsewhere() {
    return elsewhere;
  }

  ImportBook imports() {
    return imports;
  }

  WorkPool work() {
    return work;
  }

  Timekeeper clock() {
    return clock;
  }

  SealingConfig config() {
    return config.get();
  }

  InputQueue input() {
    return input;
  }

  MessageBatcher<BatchKinds.PreCommitItem> preCommits() {
    return preCommits;
  }

  MessageBatcher<BatchKinds.CommitItem> commits() {
    return commits;
  }

  MessageBatcher<ChainNode.SectorPlace> terminations() {
    return terminations;
  }

  Instant after(Duration pause) {
    return clock.instant().plus(pause);
  }

  Duration pause(RetryPolicy policy, int failures) {
    synchronized (random) {
      return policy.pause(failures, random);
    }
  }

  Progress progressOf(SectorId sector) {
    return (phase, done, total) -> listener.progressed(sector, phase, done, total);
  }

  /** The miner's address as randomness is drawn with it. */
  byte[] entropy() {
    return new DagCborWriter().address(Address.ofId(miner)).toByteArray();
  }

  /** Does something in a run that no event interrupts. */
  static void inBackground(WorkThreads threads, Runnable action) {
    threads.start(
        "sector-background",
        null,
        () -> {
          try {
            action.run();
          } catch (JournalFailure e) {
            LOG.warn("work in the background was given up: {}", e.getMessage());
          } catch (RuntimeException e) {
            LOG.error("work in the background failed", e);
          }
        });
  }
}
