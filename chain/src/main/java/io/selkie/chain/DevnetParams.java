package io.selkie.chain;

import java.time.Duration;

/**
 * The parameters of a new devnet. They are stored at genesis; a chain that exists keeps its own.
 *
 * @param networkVersion which decides the actors' limits; 25 or later
 * @param blockDelay the time between blocks, at least 1 ms
 * @param preCommitChallengeDelay epochs from pre-commit to seed; 10 on a 2 KiB devnet, else 150
 * @param messageConfidence epochs on top of a message before it counts
 * @param interactiveConfidence epochs on top of a seed before it counts
 * @param ticketLookback epochs between head and the ticket that is sealed with
 */
public record DevnetParams(
    int networkVersion,
    Duration blockDelay,
    long preCommitChallengeDelay,
    long messageConfidence,
    long interactiveConfidence,
    long ticketLookback) {

  /**
   * @throws IllegalArgumentException naming the parameter that is out of its range
   */
  public DevnetParams {
    check("network version", networkVersion, 25, 1000);
    check("block delay in ms", blockDelay.toMillis(), 1, Duration.ofDays(1).toMillis());
    check("pre-commit challenge delay", preCommitChallengeDelay, 1, 10_000);
    check("message confidence", messageConfidence, 0, Policy.CHAIN_FINALITY);
    check("interactive confidence", interactiveConfidence, 0, Policy.CHAIN_FINALITY);
    check("ticket lookback", ticketLookback, 1, Policy.MAX_PRE_COMMIT_RANDOMNESS_LOOKBACK - 1);
  }

  /** Those of lotus's 2 KiB devnet: a block every 4 s, seed after 10 epochs. */
  public static DevnetParams ofLotus2k() {
    return new DevnetParams(28, Duration.ofSeconds(4), 10, 5, 6, Policy.CHAIN_FINALITY);
  }

  /** These with another time between blocks. */
  public DevnetParams withBlockDelay(Duration delay) {
    return new DevnetParams(
        networkVersion,
        delay,
        preCommitChallengeDelay,
        messageConfidence,
        interactiveConfidence,
        ticketLookback);
  }

  /** These with other waits, in epochs. */
  public DevnetParams withWaits(long challengeDelay, long message, long interactive) {
    return new DevnetParams(
        networkVersion, blockDelay, challengeDelay, message, interactive, ticketLookback);
  }

  private static void check(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + " " + value + " is not in " + least + ".." + most);
    }
  }
}
