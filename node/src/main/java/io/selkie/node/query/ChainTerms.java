package io.selkie.node.query;

import io.selkie.chain.SectorTerms;
import java.time.Instant;

/**
 * The miner's live sectors as of one head of the chain, as far as queries and forecasts ask.
 *
 * @param sectors when they begin and end, and their pledges
 * @param blockDelayMs from one epoch to the next
 * @param sectorBytes the size of a sector
 */
record ChainTerms(SectorTerms sectors, long blockDelayMs, long sectorBytes) {

  private static final long DAY_MS = 86_400_000;

  /** The head's height. */
  long height() {
    return sectors.head().height();
  }

  /** How many epochs a day has; at least one. */
  long epochsPerDay() {
    return Math.max(1, DAY_MS / Math.max(1, blockDelayMs));
  }

  /** When an epoch is due. */
  Instant time(long epoch) {
    return sectors.head().headTime().plusMillis((epoch - height()) * blockDelayMs);
  }
}
