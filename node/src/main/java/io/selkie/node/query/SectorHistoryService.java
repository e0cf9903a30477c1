package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.SectorId;
import io.selkie.node.sectors.DealWire;
import io.selkie.node.sectors.SectorCommands;
import io.selkie.node.sectors.SectorWire;
import io.selkie.pipeline.SectorHistory;
import io.selkie.pipeline.SectorHistory.Past;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.UndecodableRecord;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.FieldChange;
import io.selkie.rpc.api.HistoryEntry;
import io.selkie.rpc.api.HistoryPoint;
import io.selkie.rpc.api.PastSector;
import io.selkie.rpc.api.SectorDifference;
import io.selkie.rpc.api.SectorHistoryApi;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireJson;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers for the past from the journal's entries. Thread-safe. */
public final class SectorHistoryService implements SectorHistoryApi {

  private static final String LOG = "Log";

  private final ActorId miner;
  private final SectorJournal journal;
  private final SectorViews views;
  private final SectorWire wire;
  private final WireJson json;

  public SectorHistoryService(
      ActorId miner, SectorJournal journal, SectorViews views, Address.Network network) {
    this.miner = miner;
    this.journal = journal;
    this.views = views;
    this.wire = new SectorWire(new DealWire(network));
    this.json = new WireJson(network);
  }

  @Override
  public PastSector sectorHistory(long sector, HistoryPoint point) throws RpcFault {
    Past past =
        past(sector, point)
            .orElseThrow(() -> new RpcFault("sector " + sector + " was not there then"));
    return new PastSector(past.last().sequence(), past.last().at(), info(sector, past));
  }

  private Optional<Past> past(long sector, HistoryPoint point) throws RpcFault {
    SectorId id = new SectorId(miner, SectorCommands.number(sector));
    checkOne(point);
    Instant at = point.at();
    try {
      Optional<Past> past =
          at != null
              ? SectorHistory.at(journal, id, at)
              : SectorHistory.after(
                  journal, id, point.sequence() == 0 ? Long.MAX_VALUE : point.sequence());
      if (past.isEmpty() && journal.entries(id, 0).isEmpty()) {
        throw new RpcFault("No state for /" + sector + ": datastore: key not found");
      }
      return past;
    } catch (IOException unreadable) {
      throw SectorQueryService.journal(unreadable);
    } catch (UndecodableRecord broken) {
      throw new RpcFault(String.valueOf(broken.getMessage()));
    }
  }

  private static void checkOne(HistoryPoint point) throws RpcFault {
    if (point.sequence() < 0) {
      throw new RpcFault("a log has no entry " + point.sequence());
    }
    if (point.at() != null && point.sequence() != 0) {
      throw new RpcFault("a point is a time or a sequence, not both");
    }
  }

  private SectorInfo info(long sector, Past past) throws RpcFault {
    List<LogLine> log = log(past.sector().sector());
    return wire.info(
        sector,
        past.sector(),
        log.subList(0, Math.min(log.size(), past.entries().size())),
        Optional.empty(),
        Optional.empty());
  }

  private List<LogLine> log(SectorId sector) throws RpcFault {
    try {
      return journal.log(sector);
    } catch (IOException unreadable) {
      throw SectorQueryService.journal(unreadable);
    }
  }

  @Override
  public SectorDifference sectorDifference(long sector, HistoryPoint from, HistoryPoint to)
      throws RpcFault {
    Optional<Past> before = past(sector, from);
    Past after =
        past(sector, to)
            .orElseThrow(() -> new RpcFault("sector " + sector + " was not there then"));
    long first = before.map(Past::last).map(Recorded::sequence).orElse(0L);
    long last = after.last().sequence();
    if (first > last) {
      throw new RpcFault("the first point, entry " + first + ", is after entry " + last);
    }
    List<FieldChange> changes = new ArrayList<>();
    JsonValue.Obj then =
        before.isPresent() ? members(sector, before.get()) : new JsonValue.Obj(List.of());
    for (JsonValue.Member member : members(sector, after).members()) {
      JsonValue old = then.get(member.name()).orElse(JsonValue.Null.VALUE);
      if (!member.name().equals(LOG) && !old.equals(member.value())) {
        changes.add(new FieldChange(member.name(), old, member.value()));
      }
    }
    return new SectorDifference(first, last, changes, between(after, first));
  }

  private JsonValue.Obj members(long sector, Past past) throws RpcFault {
    return JsonValue.parse(json.text(info(sector, past)))
        .filter(JsonValue.Obj.class::isInstance)
        .map(JsonValue.Obj.class::cast)
        .orElseThrow();
  }

  private List<HistoryEntry> between(Past after, long first) throws RpcFault {
    List<LogLine> log = log(after.sector().sector());
    List<HistoryEntry> entries = new ArrayList<>();
    for (Recorded each : after.entries()) {
      if (each.sequence() > first) {
        entries.add(
            new HistoryEntry(
                each.sequence(),
                each.at(),
                each.kind(),
                each.state(),
                log.get(Math.toIntExact(each.sequence()) - 1).message()));
      }
    }
    return entries;
  }

  @Override
  public Map<String, Long> sectorsSummaryAt(HistoryPoint point) throws RpcFault {
    checkOne(point);
    Instant at = point.at();
    try {
      long position =
          at != null
              ? views.positionAt(at)
              : point.sequence() == 0 ? Long.MAX_VALUE : point.sequence();
      return views.summaryAt(miner, position);
    } catch (IOException unreadable) {
      throw SectorQueryService.journal(unreadable);
    }
  }
}
