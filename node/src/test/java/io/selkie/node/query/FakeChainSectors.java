package io.selkie.node.query;

import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.SectorTerms;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** A chain whose head stands still. */
record FakeChainSectors(long height, Instant time, long blockDelayMs, List<ChainSnapshot.Live> live)
    implements ChainSectors {

  @Override
  public ChainTerms now() {
    SectorTerms.Builder terms = new SectorTerms.Builder();
    live.stream()
        .map(ChainSnapshot.Live::info)
        .sorted(Comparator.comparing(SectorOnChain::number))
        .forEach(each ->
            terms.add(
                each.number().value(),
                each.activation().value(),
                each.expiration().value(),
                each.initialPledge()));
    PeriodOnChain head = new PeriodOnChain(height, time, 0, 0, 0, 0, 0, 0, 0, 0);
    return new ChainTerms(terms.build(head), blockDelayMs, 2048);
  }

  @Override
  public ChainSnapshot ofNumbers(long[] numbers) {
    return ChainSnapshot.of(height, live);
  }
}
