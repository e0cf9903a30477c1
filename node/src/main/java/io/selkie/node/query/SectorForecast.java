package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.SectorTerms;
import io.selkie.pipeline.query.SectorFilter;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ForecastBucket;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.rpc.api.WhatIf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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

    Ending with(TokenAmount more) {
      return new Ending(sectors + 1, pledge.plus(more));
    }
  }

  List<ForecastBucket> of(SectorQuery query, String per, List<WhatIf> whatIf)
      throws RpcFault, IOException {
    if (whatIf.size() > WHAT_IF_LIMIT) {
      throw new RpcFault(whatIf.size() + " suppositions are more than " + WHAT_IF_LIMIT);
    }
    int days = days(per);
    SectorSelection selection = selections.of(query, true);
    ChainTerms chain = selection.chain().orElseThrow();
    SectorTerms sectors = chain.sectors();
    long span = chain.epochsPerDay() * days;
    Map<Long, Long> supposed = new HashMap<>();
    for (WhatIf each : whatIf) {
      for (long number : numbers(selections.of(each.sectors(), false).filter(), sectors)) {
        supposed.put(number, Math.max(each.expiration(), chain.height()));
      }
    }
    SortedMap<Long, Ending> base = new TreeMap<>();
    SortedMap<Long, Ending> instead = new TreeMap<>();
    for (long number : numbers(selection.filter(), sectors)) {
      int at = sectors.find(number);
      TokenAmount pledge = sectors.pledge(at);
      long end = sectors.expiration(at);
      add(base, Math.floorDiv(end - chain.height(), span), pledge);
      long other = supposed.getOrDefault(number, end);
      add(instead, Math.floorDiv(other - chain.height(), span), pledge);
    }
    return buckets(chain, span, base, instead);
  }

  private static void add(SortedMap<Long, Ending> endings, long bucket, TokenAmount pledge) {
    endings.put(bucket, endings.getOrDefault(bucket, Ending.NOTHING).with(pledge));
  }

  /** Every span in which something ends, with the suppositions or without. */
  private static List<ForecastBucket> buckets(
      ChainTerms chain, long span, SortedMap<Long, Ending> base, SortedMap<Long, Ending> instead) {
    SortedSet<Long> all = new TreeSet<>(base.keySet());
    all.addAll(instead.keySet());
    List<ForecastBucket> forecast = new ArrayList<>();
    for (long bucket : all) {
      long from = chain.height() + bucket * span;
      Ending now = base.getOrDefault(bucket, Ending.NOTHING);
      Ending then = instead.getOrDefault(bucket, Ending.NOTHING);
      forecast.add(
          new ForecastBucket(
              from,
              from + span,
              chain.time(from),
              now.sectors(),
              now.pledge(),
              now.sectors() * chain.sectorBytes(),
              then.sectors(),
              then.pledge(),
              then.sectors() * chain.sectorBytes()));
    }
    return forecast;
  }

  private static int days(String per) throws RpcFault {
    return switch (per) {
      case "day" -> 1;
      case "week" -> DAYS_PER_WEEK;
      default -> throw new RpcFault("a forecast is per 'day' or 'week', not per '" + per + "'");
    };
  }

  /** The numbers of the live sectors that fit. */
  private long[] numbers(SectorFilter filter, SectorTerms sectors) throws IOException {
    long[] numbers = new long[sectors.size()];
    int count = 0;
    long after = -1;
    List<SectorView> page;
    do {
      page = views.page(miner, filter, after, SectorViews.PAGE_LIMIT);
      for (SectorView row : page) {
        if (sectors.find(row.number().value()) >= 0) {
          numbers[count++] = row.number().value();
        }
      }
      after = page.isEmpty() ? after : page.getLast().number().value();
    } while (page.size() == SectorViews.PAGE_LIMIT);
    return Arrays.copyOf(numbers, count);
  }
}
