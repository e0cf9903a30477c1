package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.JsonValue;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorBatchApi;
import io.selkie.rpc.SectorInfo;
import io.selkie.rpc.SectorQuery;
import io.selkie.rpc.StatusChunk;
import io.selkie.rpc.WireJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;

/** Statuses by the thousand, a chunk at a time, as fast as they are taken. Thread-safe. */
final class SectorBatchService implements SectorBatchApi {

  /** Sectors of one batch; their numbers are held, their statuses are not. */
  static final int SECTORS_LIMIT = 100_000;

  /** Sectors of one message. */
  static final int CHUNK = 256;

  private static final String LOG = "Log";

  /** The members of a status, in order. */
  private static final List<String> MEMBERS =
      Arrays.stream(SectorInfo.class.getRecordComponents())
          .map(each -> each.getName().equals("sectorId") ? "sectorID" : each.getName())
          .map(name -> Character.toUpperCase(name.charAt(0)) + name.substring(1))
          .toList();

  private final ActorId miner;
  private final SectorJournal journal;
  private final SectorViews views;
  private final SectorSelection.Maker selections;
  private final SectorWire wire;
  private final WireJson json;

  SectorBatchService(
      ActorId miner,
      SectorJournal journal,
      SectorViews views,
      SectorSelection.Maker selections,
      Address.Network network) {
    this.miner = miner;
    this.journal = journal;
    this.views = views;
    this.selections = selections;
    this.wire = new SectorWire(new DealWire(network));
    this.json = new WireJson(network);
  }

  /**
   * A batch that is ready to be made.
   *
   * @param height of the chain's head that all of it is answered for
   * @param sectors how many there are
   * @param chunks makes them, in order
   */
  record Batch(long height, int sectors, PulledPublisher.Source<StatusChunk> chunks) {}

  @Override
  public Flow.Publisher<StatusChunk> sectorsStatusBatch(SectorQuery query, List<String> fields)
      throws RpcFault {
    return new PulledPublisher<>("status-batch", batch(query, fields).chunks());
  }

  /** The sectors that fit, as of now. */
  Batch batch(SectorQuery query, List<String> fields) throws RpcFault {
    Set<String> wanted = wanted(fields);
    SectorSelection selection = selections.of(query, true);
    ChainSnapshot chain = selection.chain().orElseThrow();
    List<SectorNumber> numbers = numbers(selection);
    return new Batch(
        chain.height(),
        numbers.size(),
        sink -> {
          for (int from = 0; from < numbers.size(); from += CHUNK) {
            sink.take(
                chunk(
                    numbers.subList(from, Math.min(numbers.size(), from + CHUNK)), chain, wanted));
          }
        });
  }

  private static Set<String> wanted(List<String> fields) throws RpcFault {
    for (String field : fields) {
      if (!MEMBERS.contains(field)) {
        throw new RpcFault(
            "a status has no member '" + field + "'; it has " + String.join(", ", MEMBERS));
      }
    }
    return fields.isEmpty()
        ? MEMBERS.stream().filter(name -> !name.equals(LOG)).collect(Collectors.toSet())
        : Set.copyOf(fields);
  }

  private List<SectorNumber> numbers(SectorSelection selection) throws RpcFault {
    List<SectorNumber> numbers = new ArrayList<>();
    try {
      List<SectorView> page = List.of();
      do {
        long after = page.isEmpty() ? -1 : page.getLast().number().value();
        page = views.page(miner, selection.filter(), after, SectorViews.PAGE_LIMIT);
        page.forEach(row -> numbers.add(row.number()));
      } while (page.size() == SectorViews.PAGE_LIMIT && numbers.size() <= SECTORS_LIMIT);
    } catch (IOException unreadable) {
      throw SectorQueryService.journal(unreadable);
    }
    if (numbers.size() > SECTORS_LIMIT) {
      throw new RpcFault("more than " + SECTORS_LIMIT + " sectors fit; ask for fewer at once");
    }
    return numbers;
  }

  private StatusChunk chunk(List<SectorNumber> numbers, ChainSnapshot chain, Set<String> wanted)
      throws IOException {
    List<JsonValue> statuses = new ArrayList<>(numbers.size());
    for (Map.Entry<SectorNumber, byte[]> row : views.records(miner, numbers).entrySet()) {
      statuses.add(status(row.getKey(), row.getValue(), chain, wanted));
    }
    return new StatusChunk(chain.height(), statuses);
  }

  private JsonValue status(
      SectorNumber number, byte[] stored, ChainSnapshot chain, Set<String> wanted)
      throws IOException {
    SectorRecord record;
    try {
      record = RecordCodec.decode(stored);
    } catch (RuntimeException damaged) {
      // One bad row must not end the batch; asked for alone, it is made again from its entries.
      return JsonValue.object()
          .put("SectorID", JsonValue.number(number.value()))
          .put("LastErr", "its record cannot be read: " + damaged)
          .build();
    }
    List<LogLine> log = wanted.contains(LOG) ? journal.log(new SectorId(miner, number)) : List.of();
    SectorInfo info =
        wire.info(
            number.value(),
            record,
            log,
            chain.find(number.value()),
            chain.expiration(number.value()));
    List<JsonValue.Member> members = new ArrayList<>();
    if (JsonValue.parse(json.text(info)).orElseThrow() instanceof JsonValue.Obj whole) {
      for (JsonValue.Member member : whole.members()) {
        if (wanted.contains(member.name())) {
          members.add(member);
        }
      }
    }
    return new JsonValue.Obj(members);
  }
}
