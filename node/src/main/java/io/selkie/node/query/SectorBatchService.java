package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.node.sectors.DealWire;
import io.selkie.node.sectors.SectorWire;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorBatchApi;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.rpc.api.StatusChunk;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireJson;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Statuses by the thousand, a chunk at a time, as fast as they are taken. Thread-safe. */
public final class SectorBatchService implements SectorBatchApi {

  /** Sectors of one batch; their numbers are held, their statuses are not. */
  public static final int SECTORS_LIMIT = 100_000;

  /** Sectors of one message. */
  static final int CHUNK = 256;

  /**
   * Chunks that are made while another one is sent, so that one which waits for the disk holds up
   * nobody; each is a megabyte at most, logs aside.
   */
  private static final int AHEAD = 5;

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

  public SectorBatchService(
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
    SectorSelection selection = selections.of(query, false);
    List<SectorNumber> numbers = numbers(selection);
    // Only what is asked for: a million sectors would have to be read anew for every head.
    ChainSnapshot chain =
        selections.snapshot(numbers.stream().mapToLong(SectorNumber::value).toArray());
    return new Batch(chain.height(), numbers.size(), sink -> pour(numbers, chain, wanted, sink));
  }

  /** A few chunks are made while the ones before are being sent. */
  private void pour(
      List<SectorNumber> numbers,
      ChainSnapshot chain,
      Set<String> wanted,
      PulledPublisher.Sink<StatusChunk> sink)
      throws IOException, InterruptedException {
    try (ExecutorService makers = Executors.newVirtualThreadPerTaskExecutor()) {
      Deque<Future<StatusChunk>> ahead = new ArrayDeque<>();
      try {
        for (int from = 0; from < numbers.size() || !ahead.isEmpty(); from += CHUNK) {
          if (from < numbers.size()) {
            List<SectorNumber> some = numbers.subList(from, Math.min(numbers.size(), from + CHUNK));
            ahead.add(makers.submit(() -> chunk(some, chain, wanted)));
          }
          if (ahead.size() > AHEAD || from + CHUNK >= numbers.size()) {
            sink.take(made(ahead.remove()));
          }
        }
      } finally {
        ahead.forEach(each -> each.cancel(true));
      }
    }
  }

  private static StatusChunk made(Future<StatusChunk> chunk)
      throws IOException, InterruptedException {
    try {
      return chunk.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException unreadable) {
        throw unreadable;
      }
      throw new IllegalStateException("a chunk could not be made", e.getCause());
    }
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
    List<JsonValue.Written> statuses = new ArrayList<>(numbers.size());
    for (Map.Entry<SectorNumber, byte[]> row : views.records(miner, numbers).entrySet()) {
      statuses.add(new JsonValue.Written(status(row.getKey(), row.getValue(), chain, wanted)));
    }
    return new StatusChunk(chain.height(), statuses);
  }

  private String status(SectorNumber number, byte[] stored, ChainSnapshot chain, Set<String> wanted)
      throws IOException {
    SectorRecord record;
    try {
      record = RecordCodec.decode(stored);
    } catch (RuntimeException damaged) {
      // One bad row must not end the batch; asked for alone, it is made again from its entries.
      return JsonValue.object()
          .put("SectorID", JsonValue.number(number.value()))
          .put("LastErr", "its record cannot be read: " + damaged)
          .build()
          .toJson();
    }
    List<LogLine> log = wanted.contains(LOG) ? journal.log(new SectorId(miner, number)) : List.of();
    SectorInfo info =
        wire.info(
            number.value(),
            record,
            log,
            chain.find(number.value()),
            chain.expiration(number.value()));
    return json.text(info, wanted::contains);
  }
}
