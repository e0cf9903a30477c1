package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.JournalReplay.Finding.Undecodable;
import io.selkie.pipeline.query.SectorFilter;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorViews;
import io.selkie.rpc.api.Alert;
import io.selkie.rpc.json.JsonValue;
import io.selkie.storage.FsStat;
import io.selkie.storage.HealthReport;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conditions that a miner's operator should look at, watched while the node runs. Thread-safe.
 */
final class NodeAlerts implements Supplier<List<Alert>>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeAlerts.class);

  /** As often as storage paths report how they are. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** Every record is read for this one, some seconds' work for a million sectors. */
  private static final Duration RECORDS_EVERY = Duration.ofHours(1);

  /** Not at once, when a start has enough to do; and while some are unreadable. */
  private static final Duration RECORDS_AGAIN = Duration.ofMinutes(1);

  /** Sectors named in one message; the rest are counted by queries. */
  static final int NAMED_SECTORS = 20;

  /** A journal needs room for every step of every sector; below this it is not far from none. */
  static final long JOURNAL_ROOM_BYTES = 256L << 20;

  private final Sources from;
  private final InstantSource clock;
  private final AlertBoard board;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("alerts").factory());
  private volatile Optional<String> journalFailure = Optional.empty();
  private volatile Records records = new Records(List.of(), Optional.empty());
  private Instant recordsNext;

  /**
   * What the last reading of all records found.
   *
   * @param failure why it did not come to its end, if it did not
   */
  private record Records(List<Undecodable> unreadable, Optional<String> failure) {}

  /**
   * What is watched.
   *
   * @param chain the chain's head
   * @param records the records that cannot be read; reads all of them
   * @param journal the journal's file
   * @param sectorBytes the size of this miner's sectors
   */
  record Sources(
      ActorId miner,
      Path journal,
      long sectorBytes,
      SectorViews views,
      Look<?, ChainFault> chain,
      Look<List<Undecodable>, IOException> records,
      SectorIndex index,
      LocalPaths paths) {}

  /** A look at something that may fail. */
  @FunctionalInterface
  interface Look<T, E extends Exception> {
    T now() throws E;
  }

  NodeAlerts(Sources from, InstantSource clock) {
    this.from = from;
    this.clock = clock;
    this.board = new AlertBoard(clock);
    this.recordsNext = clock.instant().plus(RECORDS_AGAIN);
    board.watch("chain", "head", this::chain);
    board.watch("journal", "write", () -> journalFailure.map(AlertBoard::message));
    board.watch("journal", "room", this::journalRoom);
    board.watch("journal", "records", this::records);
    board.watch("sealing", "standing", this::standing);
    board.watch("storage", "paths", this::paths);
    board.watch("storage", "room", this::room);
  }

  /** Looks now and then from now on. */
  void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::lookAtAll, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookAtAll() {
    readRecords();
    look();
  }

  /** A scheduled task that throws is never run again. */
  private void look() {
    try {
      board.look();
    } catch (RuntimeException failed) {
      LOG.error("looking for what is wrong failed", failed);
    }
  }

  /** The journal cannot be written; the node is about to end. Returns at once. */
  void journalFailed(Throwable cause) {
    journalFailure = Optional.of("the journal cannot be written: " + cause.getMessage());
  }

  /** All of them as they are now. */
  @Override
  public List<Alert> get() {
    look();
    return board.list();
  }

  private Optional<JsonValue> chain() {
    try {
      var _ = from.chain().now();
      return Optional.empty();
    } catch (ChainFault fault) {
      return Optional.of(AlertBoard.message("the chain does not answer: " + fault.getMessage()));
    }
  }

  private Optional<JsonValue> journalRoom() throws IOException {
    long free = Files.getFileStore(from.journal()).getUsableSpace();
    if (free >= JOURNAL_ROOM_BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        JsonValue.object()
            .put(
                "message",
                "the journal's filesystem has less than "
                    + (JOURNAL_ROOM_BYTES >> 20)
                    + " MiB of room")
            .put("Path", from.journal().toString())
            .build());
  }

  /**
   * Reads every record, when it is time to. Only the timer does: it takes a second for a hundred
   * thousand sectors, and whoever asks for alerts meanwhile is told what was found last.
   */
  void readRecords() {
    Instant now = clock.instant();
    if (now.isBefore(recordsNext)) {
      return;
    }
    try {
      records = new Records(from.records().now(), Optional.empty());
    } catch (IOException | RuntimeException failed) {
      LOG.warn("the records cannot be read", failed);
      records = new Records(List.of(), Optional.of(String.valueOf(failed.getMessage())));
    }
    boolean well = records.unreadable().isEmpty() && records.failure().isEmpty();
    recordsNext = now.plus(well ? RECORDS_EVERY : RECORDS_AGAIN);
  }

  private Optional<JsonValue> records() {
    Records last = records;
    if (last.failure().isPresent()) {
      return Optional.of(AlertBoard.message("the records cannot be read: " + last.failure().get()));
    }
    List<Undecodable> unreadable = last.unreadable();
    if (unreadable.isEmpty()) {
      return Optional.empty();
    }
    List<JsonValue> named =
        unreadable.stream()
            .limit(NAMED_SECTORS)
            .map(each -> sector(each.sector().number().value(), each.state(), each.reason()))
            .toList();
    return Optional.of(
        sectors(
            unreadable.size() + " records cannot be read; selkie doctor says what helps",
            named,
            unreadable.size() > NAMED_SECTORS));
  }

  private Optional<JsonValue> standing() throws IOException {
    SectorFilter all = SectorFilter.ALL;
    SectorFilter failed =
        new SectorFilter(
            all.states(),
            all.numbers(),
            all.deal(),
            all.piece(),
            all.enteredFromMs(),
            all.enteredToMs(),
            Optional.of(""));
    List<SectorView> found = from.views().page(from.miner(), failed, -1, NAMED_SECTORS + 1);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<JsonValue> named =
        found.stream()
            .limit(NAMED_SECTORS)
            .map(each -> sector(each.number().value(), each.state(), each.lastError()))
            .toList();
    return Optional.of(
        sectors("sectors stand still until somebody helps", named, found.size() > NAMED_SECTORS));
  }

  private static JsonValue sector(long number, String state, String reason) {
    return JsonValue.object()
        .put("Number", JsonValue.number(number))
        .put("State", state)
        .put("Reason", reason)
        .build();
  }

  private static JsonValue sectors(String message, List<JsonValue> named, boolean more) {
    return JsonValue.object()
        .put("message", message)
        .put("Sectors", new JsonValue.Arr(named))
        .put("More", new JsonValue.Bool(more))
        .build();
  }

  private Optional<JsonValue> paths() {
    List<JsonValue> bad = new ArrayList<>();
    from.paths()
        .local()
        .forEach((id, root) -> {
          String error = from.index().health(id).map(HealthReport::error).orElse("");
          if (!error.isEmpty()) {
            bad.add(path(id, root).put("Err", error).build());
          }
        });
    return listed("storage paths cannot be reached; work on their sectors waits", bad);
  }

  /** Whether a path that is to keep sectors has room for another one. */
  private Optional<JsonValue> room() {
    List<JsonValue> full = new ArrayList<>();
    from.paths()
        .local()
        .forEach((id, root) -> {
          boolean keeps = from.index().info(id).map(each -> each.meta().canStore()).orElse(false);
          Optional<HealthReport> health = from.index().health(id);
          if (keeps && health.isPresent() && health.get().error().isEmpty()) {
            FsStat stat = health.get().stat();
            if (stat.available() < from.sectorBytes()) {
              full.add(path(id, root).put("Available", JsonValue.number(stat.available())).build());
            }
          }
        });
    return listed("storage paths have no room for another sector", full);
  }

  private static JsonValue.Builder path(String id, Path root) {
    return JsonValue.object().put("ID", id).put("Path", root.toString());
  }

  private static Optional<JsonValue> listed(String message, List<JsonValue> paths) {
    return paths.isEmpty()
        ? Optional.empty()
        : Optional.of(
            JsonValue.object()
                .put("message", message)
                .put("Paths", new JsonValue.Arr(paths))
                .build());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
