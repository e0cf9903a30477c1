package io.selkie.node.bench;

import io.selkie.abi.ActorId;
import io.selkie.chain.Devnet;
import io.selkie.chain.DevnetEnvironment;
import io.selkie.chain.DevnetParams;
import io.selkie.node.FirstRun;
import io.selkie.node.NodeOptions;
import io.selkie.node.repo.MinerConfig;
import io.selkie.node.repo.Repo;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.store.JournalLoad;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A miner's repository with sectors for measuring in its journal and on its chain. It is made once
 * and used again; nobody else's repository is touched.
 *
 * @param root its directory
 * @param sectors what is in it
 */
record BenchStore(Path root, BenchSectors sectors) {

  /** Says that the repository is one of ours, and whole. */
  private static final String MARK = "bench.properties";

  /** Counted up when the sectors change; a repository of another one is refused. */
  private static final String VERSION = "1";

  private static final long SEED = 20_260_101;

  /** Sectors of one load, whole waves: also one of the chain's transactions. */
  private static final int BATCH = 8 * (int) BenchSectors.WAVE;

  private static final int READ_BYTES = 1 << 20;

  /** Batches made ahead of the one that is being written. */
  private static final int AHEAD = 4;

  /** Blocks at mainnet's pace: a benchmark of the API is none of the devnet. */
  private static final Duration BLOCK_TIME = Duration.ofSeconds(30);

  /** A batch, made. */
  private record Batch(List<JournalLoad.Sector> sectors, List<SectorOnChain> onChain) {}

  /**
   * The store in this directory, made now unless it is there.
   *
   * @param progress is told how many sectors are written
   * @throws IOException if the directory holds anything else
   */
  static BenchStore open(Path root, long sectors, LongConsumer progress)
      throws IOException, ChainFault, InterruptedException {
    ActorId miner = MinerConfig.defaults().devnet().miner();
    BenchStore store = new BenchStore(root, new BenchSectors(miner, sectors, SEED));
    Path mark = root.resolve(MARK);
    if (Files.exists(mark)) {
      store.checkMark(mark);
      return store;
    }
    if (Files.exists(root)) {
      try (Stream<Path> there = Files.list(root)) {
        if (there.findAny().isPresent()) {
          throw new IOException(root + " is not empty and no store of this benchmark");
        }
      }
    }
    store.build(miner, progress);
    store.writeMark(mark);
    return store;
  }

  /**
   * Reads the journal once, so that a store that was kept lies in the page cache as one does that
   * was made just now: the program is measured, not the disk.
   */
  void readThrough() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    try (Repo repo = Repo.open(root);
        FileChannel journal = FileChannel.open(repo.journal(), StandardOpenOption.READ)) {
      while (journal.read(buffer.clear()) >= 0) {
        // What is read is of no interest.
      }
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("version", VERSION);
    properties.setProperty("sectors", Long.toString(sectors.count()));
    return properties;
  }

  private void writeMark(Path mark) throws IOException {
    try (Writer out = Files.newBufferedWriter(mark, StandardCharsets.UTF_8)) {
      properties().store(out, "made by selkie bench api");
    }
  }

  private void checkMark(Path mark) throws IOException {
    Properties found = new Properties();
    try (Reader in = Files.newBufferedReader(mark, StandardCharsets.UTF_8)) {
      found.load(in);
    }
    if (!found.equals(properties())) {
      throw new IOException(
          root + " holds another store, " + found + "; give another --repo, or remove it");
    }
  }

  private void build(ActorId miner, LongConsumer progress)
      throws IOException, ChainFault, InterruptedException {
    try (Repo repo = Repo.open(root)) {
      MinerConfig config = FirstRun.config(repo, options());
      DevnetParams params = DevnetParams.ofLotus2k().withBlockDelay(config.devnet().blockDelay());
      try (Devnet chain =
              Devnet.open(
                  Files.createDirectories(repo.devnet()), params, DevnetEnvironment.ofSystem());
          JournalLoad journal = JournalLoad.create(repo.journal());
          ExecutorService makers =
              Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
        chain.ensureMiner(miner, config.devnet().sectorSize());
        Deque<Future<Batch>> ahead = new ArrayDeque<>();
        for (long from = 0; from < sectors.count() || !ahead.isEmpty(); from += BATCH) {
          long begin = from;
          if (begin < sectors.count()) {
            ahead.add(makers.submit(() -> make(begin)));
          }
          if (ahead.size() > AHEAD || begin + BATCH >= sectors.count()) {
            Batch next = made(ahead.remove());
            journal.add(next.sectors());
            chain.seed(miner, next.onChain());
            progress.accept(next.sectors().getLast().row().sector().number().value() + 1);
          }
        }
        journal.finish();
      }
    }
  }

  private NodeOptions options() {
    return new NodeOptions(
        root,
        Optional.empty(),
        Optional.empty(),
        Optional.of(BLOCK_TIME),
        Duration.ZERO,
        true,
        Optional.empty(),
        Optional.empty());
  }

  private Batch make(long from) {
    List<JournalLoad.Sector> loaded = new ArrayList<>();
    List<SectorOnChain> onChain = new ArrayList<>();
    LongStream.range(from, Math.min(sectors.count(), from + BATCH))
        .forEach(number -> {
          BenchSectors.Made made = sectors.make(number);
          loaded.add(made.loaded());
          sectors.onChain(made).ifPresent(onChain::add);
        });
    return new Batch(loaded, onChain);
  }

  private static Batch made(Future<Batch> batch) throws InterruptedException {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("sectors could not be made", e.getCause());
    }
  }

  /** The journal's file. */
  Path journal() {
    return root.resolve("datastore").resolve("journal.db");
  }

  /** Bytes of the journal's file. */
  long journalBytes() throws IOException {
    return Files.size(journal());
  }
}
