package io.selkie.pipeline;

import io.selkie.abi.TokenAmount;
import java.time.Duration;

/**
 * How sectors are made; read anew at every use. Names and defaults are those of lotus-miner's
 * section {@code [Sealing]} where it has them.
 *
 * @param input which pieces are taken, and how long is waited for them
 * @param sectors what sectors become
 * @param preCommitBatch how pre-commits are gathered
 * @param commitBatch how proofs are gathered
 * @param terminateBatch how terminations are gathered
 * @param collateral where the collateral comes from
 * @param retry how failures are tried again
 * @param unsealing how client data is recovered
 */
public record SealingConfig(
    Input input,
    Sectors sectors,
    Batch preCommitBatch,
    Batch commitBatch,
    TerminateBatch terminateBatch,
    Collateral collateral,
    Retry retry,
    Unsealing unsealing) {

  /**
   * Which pieces are taken.
   *
   * @param maxWaitDealsSectors at most so many sectors collect pieces; 0 = no limit
   * @param maxSealingSectors no pledge beyond so many unfinished sectors; 0 = no limit
   * @param maxSealingSectorsForDeals no new sector for pieces beyond so many; 0 = no limit
   * @param makeNewSectorForDeals whether pieces open new sectors
   * @param waitDealsDelay from a sector's first piece to its packing
   * @param startEpochSealingBuffer epochs that sealing takes before a deal must be proven
   */
  public record Input(
      int maxWaitDealsSectors,
      int maxSealingSectors,
      int maxSealingSectorsForDeals,
      boolean makeNewSectorForDeals,
      Duration waitDealsDelay,
      long startEpochSealingBuffer) {}

  /**
   * What sectors become.
   *
   * @param committedCapacityLifetime how long a sector without data is committed
   * @param alwaysKeepUnsealedCopy whether all client data stays readable
   * @param finalizeEarly whether a sector is finalised before its proof is submitted
   * @param makeCcSectorsAvailable whether finished sectors without data wait for an upgrade
   * @param useSyntheticPoRep whether the synthetic proof is chosen where the network has it
   * @param removeHopeless whether a sector is removed by itself when its deals have expired; the
   *     reference always does, which has cost operators data
   */
  public record Sectors(
      Duration committedCapacityLifetime,
      boolean alwaysKeepUnsealedCopy,
      boolean finalizeEarly,
      boolean makeCcSectorsAvailable,
      boolean useSyntheticPoRep,
      boolean removeHopeless) {}

  /**
   * How messages for several sectors are gathered.
   *
   * @param max at most so many sectors in one
   * @param longestWait a sector waits no longer for others
   * @param slack it goes at the latest so long before it would be too late
   */
  public record Batch(int max, Duration longestWait, Duration slack) {}

  /**
   * How terminations are gathered.
   *
   * @param min fewer are not sent when the wait is over
   * @param max at most so many sectors in one message
   * @param longestWait a sector waits no longer for others
   */
  public record TerminateBatch(int min, int max, Duration longestWait) {}

  /**
   * Where the collateral comes from.
   *
   * @param fromMinerBalance whether messages carry none, and the miner actor's balance pays
   * @param disableFallback kept for the reference's sake; without it the worker still pays
   * @param requireActivationSuccess whether one failed sector fails a whole message
   * @param requireNotificationSuccess whether a failed notification fails its sector
   * @param availableBalanceBuffer what is left untouched in the miner actor
   */
  public record Collateral(
      boolean fromMinerBalance,
      boolean disableFallback,
      boolean requireActivationSuccess,
      boolean requireNotificationSuccess,
      TokenAmount availableBalanceBuffer) {}

  /**
   * How failures are tried again.
   *
   * @param chain a chain that does not answer, a full disk
   * @param sealing a failed state; its budget is that of the work that failed
   * @param push a batch that the chain does not take
   */
  public record Retry(RetryPolicy chain, RetryPolicy sealing, RetryPolicy push) {}

  /**
   * How client data is recovered from sealed sectors.
   *
   * @param max so many sectors at once, at least 1; read when the node starts
   * @param retry a full or failing disk
   */
  public record Unsealing(int max, RetryPolicy retry) {}

  /** The defaults. */
  public static SealingConfig defaults() {
    return new SealingConfig(
        new Input(2, 0, 0, true, Duration.ofHours(6), 480),
        new Sectors(Duration.ofDays(540), true, false, false, false, false),
        new Batch(256, Duration.ofHours(24), Duration.ofHours(3)),
        new Batch(819, Duration.ofHours(24), Duration.ofHours(1)),
        new TerminateBatch(1, 100, Duration.ofMinutes(5)),
        new Collateral(false, false, false, false, TokenAmount.ZERO),
        new Retry(
            new RetryPolicy(Duration.ofSeconds(2), Duration.ofMinutes(5), 0.5, 1_000_000),
            new RetryPolicy(Duration.ofMinutes(1), Duration.ofMinutes(30), 0.2, 4),
            new RetryPolicy(Duration.ofSeconds(2), Duration.ofMinutes(5), 0.5, 8)),
        // The pauses of twelve tries add up to an hour and a half: time to make room.
        new Unsealing(1, new RetryPolicy(Duration.ofSeconds(10), Duration.ofMinutes(15), 0.2, 12)));
  }

  /** The same with other input. */
  public SealingConfig withInput(Input next) {
    return new SealingConfig(
        next, sectors, preCommitBatch, commitBatch, terminateBatch, collateral, retry, unsealing);
  }

  /** The same with other sectors. */
  public SealingConfig withSectors(Sectors next) {
    return new SealingConfig(
        input, next, preCommitBatch, commitBatch, terminateBatch, collateral, retry, unsealing);
  }

  /** The same with other batches. */
  public SealingConfig withBatches(Batch preCommit, Batch commit) {
    return new SealingConfig(
        input, sectors, preCommit, commit, terminateBatch, collateral, retry, unsealing);
  }

  /** The same with other batches of terminations. */
  public SealingConfig withTerminateBatch(TerminateBatch next) {
    return new SealingConfig(
        input, sectors, preCommitBatch, commitBatch, next, collateral, retry, unsealing);
  }

  /** The same with other retries. */
  public SealingConfig withRetry(Retry next) {
    return new SealingConfig(
        input, sectors, preCommitBatch, commitBatch, terminateBatch, collateral, next, unsealing);
  }

  /** The same with other unsealing. */
  public SealingConfig withUnsealing(Unsealing next) {
    return new SealingConfig(
        input, sectors, preCommitBatch, commitBatch, terminateBatch, collateral, retry, next);
  }

  /** The same with another wait for pieces. */
  public SealingConfig withWaitDealsDelay(Duration delay) {
    return withInput(
        new Input(
            input.maxWaitDealsSectors(),
            input.maxSealingSectors(),
            input.maxSealingSectorsForDeals(),
            input.makeNewSectorForDeals(),
            delay,
            input.startEpochSealingBuffer()));
  }
}
