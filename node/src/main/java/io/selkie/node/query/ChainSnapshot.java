package io.selkie.node.query;

import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Some of the miner's live sectors as of one head of the chain, with all that it holds of them.
 *
 * @param height the head's
 * @param numbers the sectors' numbers, ascending
 * @param sectors the sectors in the same order
 * @param expirations when they end, in the same order
 */
record ChainSnapshot(
    long height, long[] numbers, List<SectorOnChain> sectors, List<SectorExpiration> expirations) {

  /** A live sector, and when it ends. */
  record Live(SectorOnChain info, SectorExpiration expiration) {}

  static ChainSnapshot of(long height, List<Live> sectors) {
    List<Live> sorted =
        sectors.stream().sorted(Comparator.comparing(each -> each.info().number())).toList();
    return new ChainSnapshot(
        height,
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
}
