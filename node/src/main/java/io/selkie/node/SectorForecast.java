package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.query.SectorFilter;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.ForecastBucket;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorQuery;
import io.selkie.rpc.WhatIf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What ends when: the sectors that live on chain, by the day or week they expire in. */
final class SectorForecast {

  private static final int DAYS_PER_WEEK = 7;

  /** Suppositions of one forecast; each is a query. */
  static final int WHAT_IF_LIMIT = 100;

  private final ActorId miner;
  private final SectorViews views;
  private final SectorSelection.Maker selections;

  SectorForecast(ActorId miner, SectorViews views, SectorSelection.Maker selections) {
    this.miner = miner;
    this.views = views;
    this.selections = selections;
  }

  /** What ends in one bucket so far. */
  private record Ending(long sectors, TokenAmount pledge) {
    static final Ending NOTHING = new Ending(0, TokenAmount.ZERO);

    Ending with(SectorOnChain sector) {
      return new Ending(sectors + 1, pledge.plus(sector.initialPledge()));
    }
  }

  List<ForecastBucket> of(SectorQuery query, String per, List<WhatIf> whatIf)
      throws RpcFault, IOException {
    if (whatIf.size() > WHAT_IF_LIMIT) {
      throw new RpcFault(whatIf.size() + " suppositions are more than " + WHAT_IF_LIMIT);
    }
    SectorSelection selection = selections.of(query, true);
    ChainSnapshot chain = selection.chain().orElseThrow();
    long span = chain.epochsPerDay() * days(per);
    Map<Long, Long> supposed = new HashMap<>();
    for (WhatIf each : whatIf) {
      for (long number : numbers(selections.of(each.sectors(), false).filter())) {
        supposed.put(number, Math.max(each.expiration(), chain.height()));
      }
    }
    SortedMap<Long, Ending> endings = new TreeMap<>();
    Set<Long> wanted = numbers(selection.filter());
    for (SectorOnChain sector : chain.sectors()) {
      long number = sector.number().value();
      if (wanted.contains(number)) {
        long end = supposed.getOrDefault(number, sector.expiration().value());
        long bucket = Math.floorDiv(end - chain.height(), span);
        endings.put(bucket, endings.getOrDefault(bucket, Ending.NOTHING).with(sector));
      }
    }
    List<ForecastBucket> forecast = new ArrayList<>();
    endings.forEach((bucket, ending) -> {
      long from = chain.height() + bucket * span;
      forecast.add(
          new ForecastBucket(
              from,
              from + span,
              chain.time(from),
              ending.sectors(),
              ending.pledge(),
              ending.sectors() * chain.sectorBytes()));
    });
    return forecast;
  }

  private static int days(String per) throws RpcFault {
    return switch (per) {
      case "day" -> 1;
      case "week" -> DAYS_PER_WEEK;
      default -> throw new RpcFault("a forecast is per 'day' or 'week', not per '" + per + "'");
    };
  }

  private Set<Long> numbers(SectorFilter filter) throws IOException {
    Set<Long> numbers = new HashSet<>();
    long after = -1;
    List<SectorView> page;
    do {
      page = views.page(miner, filter, after, SectorViews.PAGE_LIMIT);
      page.forEach(row -> numbers.add(row.number().value()));
      after = page.isEmpty() ? after : page.getLast().number().value();
    } while (page.size() == SectorViews.PAGE_LIMIT);
    return numbers;
  }
}
