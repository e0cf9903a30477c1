package io.selkie.node;

import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The miner's live sectors as of one head of the chain.
 *
 * @param height the head's
 * @param headTime when it was made
 * @param blockDelayMs from one epoch to the next
 * @param sectorBytes the size of a sector
 * @param numbers the sectors' numbers, ascending
 * @param sectors the sectors in the same order
 * @param expirations when they end, in the same order
 */
record ChainSnapshot(
    long height,
    Instant headTime,
    long blockDelayMs,
    long sectorBytes,
    long[] numbers,
    List<SectorOnChain> sectors,
    List<SectorExpiration> expirations) {

  /** A live sector, and when it ends. */
  record Live(SectorOnChain info, SectorExpiration expiration) {}

  private static final long DAY_MS = 86_400_000;

  static ChainSnapshot of(
      long height, Instant headTime, long blockDelayMs, long sectorBytes, List<Live> sectors) {
    List<Live> sorted =
        sectors.stream().sorted(Comparator.comparing(each -> each.info().number())).toList();
    return new ChainSnapshot(
        height,
        headTime,
        blockDelayMs,
        sectorBytes,
        sorted.stream().mapToLong(each -> each.info().number().value()).toArray(),
        sorted.stream().map(Live::info).toList(),
        sorted.stream().map(Live::expiration).toList());
  }

  Optional<SectorOnChain> find(long number) {
    int at = Arrays.binarySearch(numbers, number);
    return at < 0 ? Optional.empty() : Optional.of(sectors.get(at));
  }

  Optional<SectorExpiration> expiration(long number) {
    int at = Arrays.binarySearch(numbers, number);
    return at < 0 ? Optional.empty() : Optional.of(expirations.get(at));
  }

  /** Numbers of those that expire at {@code from} or later and before {@code before}. */
  long[] expiring(long from, long before) {
    return sectors.stream()
        .filter(each -> each.expiration().value() >= from && each.expiration().value() < before)
        .mapToLong(each -> each.number().value())
        .toArray();
  }

  /** How many epochs a day has; at least one. */
  long epochsPerDay() {
    return Math.max(1, DAY_MS / Math.max(1, blockDelayMs));
  }

  /** When an epoch is due. */
  Instant time(long epoch) {
    return headTime.plusMillis((epoch - height) * blockDelayMs);
  }
}
