package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorGroup;
import io.selkie.rpc.api.SectorQuery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Counts the sectors of a query by what they have in common, page by page. */
final class SectorCounting {

  /** More groups than anybody reads; counting stops with an error rather than with the memory. */
  static final int GROUPS_LIMIT = 100_000;

  private enum Key {
    State,
    Deal,
    PieceCID,
    Expiration,
    Path,
    Age,
    LastError,
    SealProof
  }

  private static final SortedSet<String> NONE = new TreeSet<>(List.of(""));

  private final ActorId miner;
  private final SectorViews views;
  private final SectorSelection.Maker selections;
  private final Map<List<String>, Long> counts = new HashMap<>();

  SectorCounting(ActorId miner, SectorViews views, SectorSelection.Maker selections) {
    this.miner = miner;
    this.views = views;
    this.selections = selections;
  }

  List<SectorGroup> count(SectorQuery query, List<String> groupBy) throws RpcFault, IOException {
    List<Key> keys = keys(groupBy);
    SectorSelection selection = selections.of(query, keys.contains(Key.Expiration));
    if (selection.filter().isOfStatesOnly() && keys.equals(List.of(Key.State))) {
      Map<String, Long> all = views.summaryAt(miner, Long.MAX_VALUE);
      all.forEach((state, count) -> {
        if (selection.filter().states().isEmpty() || selection.filter().states().contains(state)) {
          counts.put(List.of(state), count);
        }
      });
      return sorted();
    }
    Instant now = selections.clock().instant();
    long after = -1;
    List<SectorView> page;
    do {
      page = views.page(miner, selection.filter(), after, SectorViews.PAGE_LIMIT);
      add(page, keys, selection.chain(), now);
      after = page.isEmpty() ? after : page.getLast().number().value();
    } while (page.size() == SectorViews.PAGE_LIMIT);
    return sorted();
  }

  private static List<Key> keys(List<String> names) throws RpcFault {
    List<Key> keys = new ArrayList<>();
    for (String name : names) {
      keys.add(
          Arrays.stream(Key.values())
              .filter(each -> each.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new RpcFault(
                      "sectors are not counted by '"
                          + name
                          + "', but by "
                          + Arrays.stream(Key.values())
                              .map(Enum::name)
                              .collect(Collectors.joining(", ")))));
    }
    return keys;
  }

  private void add(List<SectorView> page, List<Key> keys, Optional<ChainTerms> chain, Instant now)
      throws RpcFault, IOException {
    List<SectorNumber> numbers = page.stream().map(SectorView::number).toList();
    Map<SectorNumber, SortedSet<Long>> deals =
        keys.contains(Key.Deal) ? views.deals(miner, numbers) : Map.of();
    Map<SectorNumber, SortedSet<String>> pieces =
        keys.contains(Key.PieceCID) ? views.pieces(miner, numbers) : Map.of();
    for (SectorView row : page) {
      List<List<String>> combined = List.of(List.of());
      for (Key key : keys) {
        Collection<String> values =
            switch (key) {
              case State -> List.of(row.state());
              case LastError -> List.of(row.lastError());
              case SealProof -> List.of(Integer.toString(row.sealProof()));
              case Age -> List.of(days(row, now));
              case Expiration -> List.of(expiration(row, chain));
              case Path -> orNone(SectorQueryService.paths(selections.index(), id(row)));
              case Deal ->
                  orNone(
                      deals.getOrDefault(row.number(), new TreeSet<>()).stream()
                          .map(deal -> Long.toString(deal))
                          .toList());
              case PieceCID -> orNone(pieces.getOrDefault(row.number(), new TreeSet<>()));
            };
        combined = times(combined, values);
      }
      combined.forEach(group -> counts.merge(group, 1L, Long::sum));
      if (counts.size() > GROUPS_LIMIT) {
        throw new RpcFault(
            "there are more than " + GROUPS_LIMIT + " groups; count fewer sectors, or by less");
      }
    }
  }

  private SectorId id(SectorView row) {
    return new SectorId(miner, row.number());
  }

  private static Collection<String> orNone(Collection<String> values) {
    return values.isEmpty() ? NONE : values;
  }

  private static String days(SectorView row, Instant now) {
    return Long.toString(Duration.between(Instant.ofEpochMilli(row.enteredAtMs()), now).toDays());
  }

  private static String expiration(SectorView row, Optional<ChainTerms> chain) {
    if (chain.isEmpty()) {
      return "";
    }
    int at = chain.get().sectors().find(row.number().value());
    if (at < 0) {
      return "";
    }
    long epoch = chain.get().sectors().expiration(at);
    return Long.toString(epoch - Math.floorMod(epoch, chain.get().epochsPerDay()));
  }

  private static List<List<String>> times(List<List<String>> all, Collection<String> values) {
    List<List<String>> longer = new ArrayList<>();
    for (List<String> group : all) {
      for (String value : values) {
        List<String> more = new ArrayList<>(group);
        more.add(value);
        longer.add(List.copyOf(more));
      }
    }
    return longer;
  }

  /** The largest first, equal ones by their keys. */
  private List<SectorGroup> sorted() {
    return counts.entrySet().stream()
        .map(each -> new SectorGroup(each.getKey(), each.getValue()))
        .sorted(
            Comparator.comparingLong(SectorGroup::count)
                .reversed()
                .thenComparing(each -> String.join("\0", each.keys())))
        .toList();
  }
}
