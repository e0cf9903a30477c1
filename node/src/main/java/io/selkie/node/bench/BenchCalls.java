package io.selkie.node.bench;

import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.node.query.SectorBatchService;
import io.selkie.node.sectors.DealWire;
import io.selkie.node.sectors.SectorWire;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Asks a node the questions of the API, compares every answer, and measures. */
final class BenchCalls implements AutoCloseable {

  /** Rounds of single calls that do not count: until then node and client are busy compiling. */
  private static final int REHEARSALS = 4;

  private static final int CALLS = 3_000;

  /** Whole lists, which are long. */
  private static final int LISTS = 5;

  /** All sectors streamed, which is longer. */
  private static final int STREAMS = 3;

  /** Sectors of one batch, the most that the method takes. */
  private static final long STREAM = SectorBatchService.SECTORS_LIMIT;

  private static final long BATCH = 10_000;

  private static final long SEED = 7;

  private final BenchSectors sectors;
  private final BenchNode node;
  private BenchConnection connection;
  private final List<BenchFigure> figures;
  private final Consumer<BenchFigure> progress;
  private final int calls;
  private final SectorWire wire = new SectorWire(new DealWire(Address.Network.TESTNET));
  private final WireJson json = new WireJson(Address.Network.TESTNET);
  private final SplittableRandom random = new SplittableRandom(SEED);

  BenchCalls(
      BenchSectors sectors,
      BenchNode node,
      List<BenchFigure> figures,
      Consumer<BenchFigure> progress)
      throws IOException {
    this.sectors = sectors;
    this.node = node;
    this.connection = new BenchConnection(node.endpoint());
    this.figures = figures;
    this.progress = progress;
    this.calls = (int) Math.min(CALLS, sectors.count() / 4);
  }

  /**
   * Everything, in this order; the heap is looked at after each question. The single calls come
   * last, when all records have just been read: before that their slowest one in a hundred is the
   * time of the disk, where the system has taken pages of the store back.
   */
  void measure() throws IOException, InterruptedException {
    rehearse();
    long committed = 0;
    for (Step step :
        List.<Step>of(
            this::list,
            this::inState,
            this::streams,
            this::reconnect,
            this::rehearse,
            this::summary,
            () -> status(false),
            () -> status(true))) {
      int before = figures.size();
      step.run();
      figures.subList(before, figures.size()).forEach(progress);
      committed = Math.max(committed, node.metric("jvm_memory_committed_bytes{area=\"heap\""));
    }
    figures.add(
        BenchFigure.atMost(
            "heap_committed", "heap committed, the most", committed / 0x1p20, "MiB", 1024, ""));
    figures.add(
        BenchFigure.plain(
            "resident",
            "resident, the most",
            node.statusBytes("VmHWM") / 0x1p20,
            "MiB",
            "2,200 to 4,200 MiB"));
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  /** The node closes a connection that rested for as long as the streams take. */
  private void reconnect() throws IOException {
    connection.close();
    connection = new BenchConnection(node.endpoint());
  }

  /** Single calls of which nothing is kept. */
  private void rehearse() throws IOException {
    int before = figures.size();
    for (int i = 0; i < REHEARSALS; i++) {
      summary();
      status(false);
      status(true);
    }
    figures.subList(before, figures.size()).clear();
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  // ------------------------------------------------------------------ single calls

  private void summary() throws IOException {
    long[] nanos = new long[calls];
    for (int i = 0; i < nanos.length; i++) {
      connection.call("Filecoin.SectorsSummary", "");
      nanos[i] = connection.nanos();
      checkSummary(connection.text());
    }
    Arrays.sort(nanos);
    figures.add(
        BenchFigure.plain(
            "summary_p50",
            "SectorsSummary, p50",
            milliseconds(nanos, 0.50),
            "ms",
            "0.3 ms, but incomplete for over 45 s"));
    figures.add(
        BenchFigure.atMost(
            "summary_p99", "SectorsSummary, p99", milliseconds(nanos, 0.99), "ms", 1, ""));
  }

  /** What rests has not moved, and what moved is counted somewhere. */
  private void checkSummary(String answer) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    if (JsonValue.parse(answer).orElseThrow() instanceof JsonValue.Obj reply
        && reply.get("result").orElseThrow() instanceof JsonValue.Obj result) {
      for (JsonValue.Member each : result.members()) {
        if (each.value() instanceof JsonValue.Num(String literal)) {
          counts.put(each.name(), Long.parseLong(literal));
        }
      }
    }
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    if (all != sectors.count()) {
      throw new IOException("the summary counts " + all + " sectors, not " + sectors.count());
    }
    for (BenchSectors.Fate fate : BenchSectors.Fate.values()) {
      long wanted = sectors.count(fate);
      long found = counts.getOrDefault(fate.state(), 0L);
      if (fate.rests() && found < wanted) {
        throw new IOException("the summary counts " + found + " in " + fate + ", not " + wanted);
      }
    }
  }

  private void status(boolean onChain) throws IOException {
    long[] nanos = new long[calls];
    long[] numbers = new long[calls];
    byte[][] answers = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      numbers[i] = resting();
      connection.call("Filecoin.SectorsStatus", numbers[i] + "," + onChain);
      nanos[i] = connection.nanos();
      answers[i] = connection.answer();
    }
    // Making what is expected is more work than answering: afterwards, so that it is not in the
    // way.
    for (int i = 0; i < calls; i++) {
      BenchConnection.expect(answers[i], json.text(info(numbers[i], onChain)));
    }
    Arrays.sort(nanos);
    String name = onChain ? "status_on_chain" : "status";
    String what = "SectorsStatus(n, " + onChain + ")";
    figures.add(
        BenchFigure.atMost(
            name + "_p50",
            what + ", p50",
            milliseconds(nanos, 0.50),
            "ms",
            onChain ? Double.NaN : 0.3,
            onChain ? "1.0 ms" : "0.48 ms"));
    figures.add(
        BenchFigure.atMost(
            name + "_p99",
            what + ", p99",
            milliseconds(nanos, 0.99),
            "ms",
            onChain ? Double.NaN : 2,
            onChain ? "2.3 ms" : "1.45 ms"));
  }

  /** A sector that nothing has moved since it was made. */
  private long resting() {
    while (true) {
      long number = random.nextLong(sectors.count());
      if (sectors.fate(number).rests() && !BenchTransitions.moves(sectors, number)) {
        return number;
      }
    }
  }

  private SectorInfo info(long number, boolean asked) {
    BenchSectors.Made made = sectors.make(number);
    Optional<SectorOnChain> onChain = asked ? sectors.onChain(made) : Optional.empty();
    return wire.info(
        number,
        made.record(),
        made.log(),
        onChain,
        onChain.map(each -> new SectorExpiration(each.expiration(), ChainEpoch.ZERO)));
  }

  // ------------------------------------------------------------------ lists

  private void list() throws IOException {
    String expected = inTextOrder(_ -> true);
    long best = Long.MAX_VALUE;
    long worst = 0;
    for (int i = 0; i < LISTS; i++) {
      connection.call("Filecoin.SectorsList", "").expect(expected);
      best = Math.min(best, connection.nanos());
      worst = Math.max(worst, connection.nanos());
    }
    figures.add(
        BenchFigure.atMost(
            "list", "SectorsList, whole, the worst", worst / 1e6, "ms", 1_000, "3,400 ms"));
    figures.add(
        BenchFigure.plain("list_best", "SectorsList, whole, the best", best / 1e6, "ms", ""));
  }

  private void inState() throws IOException {
    String state = BenchSectors.Fate.AVAILABLE.state();
    String expected = inTextOrder(number -> sectors.fate(number) == BenchSectors.Fate.AVAILABLE);
    long[] nanos = new long[10 * LISTS];
    for (int i = -nanos.length; i < nanos.length; i++) {
      connection.call("Filecoin.SectorsListInStates", "[\"" + state + "\"]").expect(expected);
      if (i >= 0) {
        nanos[i] = connection.nanos();
      }
    }
    Arrays.sort(nanos);
    figures.add(
        BenchFigure.atMost(
            "list_in_states",
            "SectorsListInStates, "
                + sectors.count(BenchSectors.Fate.AVAILABLE)
                + " hits, the worst",
            nanos[nanos.length - 1] / 1e6,
            "ms",
            50,
            "3,400 ms"));
  }

  private String inTextOrder(LongPredicate wanted) {
    return LongStream.range(0, sectors.count())
        .filter(wanted)
        .mapToObj(Long::toString)
        .sorted()
        .collect(Collectors.joining(",", "[", "]"));
  }

  // ------------------------------------------------------------------ many statuses

  private void streams() throws IOException, InterruptedException {
    try (BenchStream stream = new BenchStream(node.endpoint(), this::streamed)) {
      long batch = Math.min(BATCH, sectors.count());
      List<Long> nanos = new ArrayList<>();
      for (int i = 0; i < LISTS; i++) {
        nanos.add(stream.take(random.nextLong(sectors.count() - batch + 1), batch));
      }
      figures.add(
          BenchFigure.atMost(
              "batch",
              "SectorsStatusBatch of " + batch + " without log, median of " + LISTS,
              median(nanos) / 1e6,
              "ms",
              1_000,
              ""));
      figures.add(
          BenchFigure.plain("batch_first", "the first of them", nanos.getFirst() / 1e6, "ms", ""));
      List<Long> whole = new ArrayList<>();
      long before = stream.characters();
      for (int i = 0; i < STREAMS; i++) {
        whole.add(all(stream));
      }
      figures.add(
          BenchFigure.atMost(
              "stream",
              "all " + sectors.count() + " streamed, median of " + STREAMS,
              median(whole) / 1e9,
              "s",
              60 * Math.max(1, sectors.count() / 1e6),
              ""));
      figures.add(
          BenchFigure.plain("stream_first", "the first time", whole.getFirst() / 1e9, "s", ""));
      figures.add(
          BenchFigure.plain(
              "stream_bytes",
              "what is streamed each time",
              (stream.characters() - before) / 1e6 / STREAMS,
              "MB",
              ""));
    }
  }

  /** Streams all sectors in batches as long as the method takes; how long that took. */
  private long all(BenchStream stream) throws IOException, InterruptedException {
    long nanos = 0;
    for (long from = 0; from < sectors.count(); from += STREAM) {
      nanos += stream.take(from, Math.min(STREAM, sectors.count() - from));
    }
    return nanos;
  }

  private static long median(List<Long> nanos) {
    return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
  }

  /** A status as a stream shows it, if nothing has moved the sector since it was made. */
  private String streamed(long number) {
    if (!sectors.fate(number).rests() || BenchTransitions.moves(sectors, number)) {
      return "";
    }
    return json.text(info(number, true), name -> !name.equals("Log"));
  }

  private static double milliseconds(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))] / 1e6;
  }
}
