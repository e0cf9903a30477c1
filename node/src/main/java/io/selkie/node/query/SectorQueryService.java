package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.chain.SectorTerms;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ForecastBucket;
import io.selkie.rpc.api.SectorGroup;
import io.selkie.rpc.api.SectorPage;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.rpc.api.SectorQueryApi;
import io.selkie.rpc.api.SectorRow;
import io.selkie.rpc.api.WhatIf;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Queries over many sectors, from the journal's rows, one chain snapshot and the index. */
public final class SectorQueryService implements SectorQueryApi {

  /** Sectors of a page that names no limit. */
  private static final int DEFAULT_LIMIT = 100;

  private final ActorId miner;
  private final SectorViews views;
  private final SectorSelection.Maker selections;

  public SectorQueryService(ActorId miner, SectorViews views, SectorSelection.Maker selections) {
    this.miner = miner;
    this.views = views;
    this.selections = selections;
  }

  @Override
  public SectorPage sectorsQuery(SectorQuery query, String cursor, long limit, List<String> fields)
      throws RpcFault {
    if (limit < 0 || limit > SectorViews.PAGE_LIMIT) {
      throw new RpcFault("limit " + limit + " is not within 0 and " + SectorViews.PAGE_LIMIT);
    }
    int size = limit == 0 ? DEFAULT_LIMIT : (int) limit;
    Set<QueryField> wanted = QueryField.of(fields);
    SectorSelection selection =
        selections.of(query, wanted.stream().anyMatch(QueryField::isOnChain));
    try {
      List<SectorView> found = views.page(miner, selection.filter(), after(cursor), size);
      String next = found.size() < size ? "" : found.getLast().number().toString();
      return new SectorPage(
          rows(found, wanted, selection.chain()),
          next,
          selection.chain().map(ChainTerms::height).orElse(0L));
    } catch (IOException unreadable) {
      throw journal(unreadable);
    }
  }

  private static long after(String cursor) throws RpcFault {
    if (cursor.isEmpty()) {
      return -1;
    }
    try {
      long after = Long.parseLong(cursor);
      if (after >= 0) {
        return after;
      }
    } catch (NumberFormatException _) {
      // Told below, as a number that is none either.
    }
    throw new RpcFault("'" + cursor + "' is no cursor of a page");
  }

  public static RpcFault journal(IOException unreadable) {
    return new RpcFault("the journal: " + unreadable.getMessage());
  }

  private List<SectorRow> rows(
      List<SectorView> found, Set<QueryField> wanted, Optional<ChainTerms> chain)
      throws IOException {
    List<SectorNumber> numbers = found.stream().map(SectorView::number).toList();
    Map<SectorNumber, SortedSet<Long>> deals =
        wanted.contains(QueryField.Deals) ? views.deals(miner, numbers) : Map.of();
    Map<SectorNumber, SortedSet<String>> pieces =
        wanted.contains(QueryField.PieceCIDs) ? views.pieces(miner, numbers) : Map.of();
    List<SectorRow> rows = new ArrayList<>(found.size());
    for (SectorView each : found) {
      int at = chain.map(all -> all.sectors().find(each.number().value())).orElse(-1);
      Optional<SectorTerms> on = at < 0 ? Optional.empty() : chain.map(ChainTerms::sectors);
      rows.add(
          new SectorRow(
              each.number().value(),
              when(wanted, QueryField.State, each.state()),
              when(wanted, QueryField.EnteredAt, Instant.ofEpochMilli(each.enteredAtMs())),
              when(wanted, QueryField.LastError, each.lastError()),
              when(wanted, QueryField.SealProof, (long) each.sealProof()),
              when(wanted, QueryField.PieceCount, (long) each.pieces()),
              Optional.ofNullable(deals.get(each.number())).map(List::copyOf).orElse(null),
              Optional.ofNullable(pieces.get(each.number())).map(List::copyOf).orElse(null),
              wanted.contains(QueryField.Paths) ? paths(each.number()) : null,
              on.map(it -> when(wanted, QueryField.Activation, it.activation(at))).orElse(null),
              on.map(it -> when(wanted, QueryField.Expiration, it.expiration(at))).orElse(null),
              on.map(it -> when(wanted, QueryField.InitialPledge, it.pledge(at))).orElse(null)));
    }
    return rows;
  }

  private static <T> @Nullable T when(Set<QueryField> wanted, QueryField field, T value) {
    return wanted.contains(field) ? value : null;
  }

  private List<String> paths(SectorNumber number) {
    return paths(selections.index(), new SectorId(miner, number));
  }

  static List<String> paths(SectorIndex index, SectorId sector) {
    return index.find(sector, EnumSet.allOf(SectorFileType.class)).stream()
        .map(each -> each.meta().id())
        .sorted()
        .toList();
  }

  @Override
  public List<SectorGroup> sectorsCount(SectorQuery query, List<String> groupBy) throws RpcFault {
    try {
      return new SectorCounting(miner, views, selections).count(query, groupBy);
    } catch (IOException unreadable) {
      throw journal(unreadable);
    }
  }

  @Override
  public List<ForecastBucket> sectorsForecast(SectorQuery query, String per, List<WhatIf> whatIf)
      throws RpcFault {
    try {
      return new SectorForecast(miner, views, selections).of(query, per, whatIf);
    } catch (IOException unreadable) {
      throw journal(unreadable);
    }
  }
}
