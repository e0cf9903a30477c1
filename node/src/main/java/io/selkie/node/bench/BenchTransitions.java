package io.selkie.node.bench;

import io.selkie.abi.SectorNumber;
import io.selkie.chain.Devnet;
import io.selkie.chain.DevnetEnvironment;
import io.selkie.chain.DevnetParams;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.repo.MinerConfig;
import io.selkie.node.repo.Repo;
import io.selkie.node.storage.NodeStorage;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.NoSuchSector;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SystemTimekeeper;
import io.selkie.pipeline.WorkPool;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Moves proven sectors to {@code Available} and back, many at once, through the pipeline and its
 * journal as they stand: each move is decided, recorded, forced, and only then counted.
 */
final class BenchTransitions {

  /** Sectors that move at the same time. */
  private static final int MOVING = 1_024;

  /**
   * The newest sectors are for moving, as in a miner that seals; the others stay what they were
   * made as.
   */
  private static final long NEWEST = 16_384;

  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private BenchTransitions() {}

  /** Whether the sector is for moving. */
  static boolean moves(BenchSectors sectors, long number) {
    return number >= first(sectors) && sectors.fate(number) == BenchSectors.Fate.PROVING;
  }

  private static long first(BenchSectors sectors) {
    return sectors.count() - Math.min(NEWEST, sectors.count() / 4);
  }

  /** How many moves were durable in a second; the node must not run meanwhile. */
  static double perSecond(BenchStore store, Duration time)
      throws IOException, ChainFault, InterruptedException {
    try (Repo repo = Repo.open(store.root());
        SqliteJournal journal = SqliteJournal.open(repo.journal());
        Devnet chain =
            Devnet.open(repo.devnet(), DevnetParams.ofLotus2k(), DevnetEnvironment.ofSystem());
        SystemTimekeeper clock = new SystemTimekeeper();
        NodeStorage storage =
            NodeStorage.open(
                repo,
                ListenAddress.ofMultiaddress(MinerConfig.DEFAULT_LISTEN),
                MinerConfig.defaults().storage(),
                repo.parentsCache());
        SectorPipeline pipeline =
            new SectorPipeline(
                new PipelineParts(
                    store.sectors().miner(),
                    journal,
                    chain,
                    storage.sealer(),
                    new WorkPool(Map.of()),
                    clock,
                    new SplittableRandom(),
                    SealingConfig::defaults,
                    PipelineListener.NONE))) {
      return measure(pipeline, store.sectors(), time);
    }
  }

  private static double measure(SectorPipeline pipeline, BenchSectors sectors, Duration time)
      throws IOException, InterruptedException {
    long begin = System.nanoTime() + WARM_UP.toNanos();
    long end = begin + time.toNanos();
    AtomicLong counted = new AtomicLong();
    long[] moving =
        LongStream.range(first(sectors), sectors.count())
            .filter(number -> moves(sectors, number))
            .toArray();
    try (ExecutorService movers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < Math.min(MOVING, moving.length); i++) {
        int from = i;
        running.add(
            movers.submit(() -> {
              while (System.nanoTime() < end) {
                for (int at = from; at < moving.length && System.nanoTime() < end; at += MOVING) {
                  there(pipeline, new SectorNumber(moving[at]), begin, end, counted);
                }
              }
              return null;
            }));
      }
      for (Future<Void> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a sector could not be moved", e.getCause());
    }
    return counted.get() * 1e9 / time.toNanos();
  }

  /** And back: every sector ends where it was. */
  private static void there(
      SectorPipeline pipeline, SectorNumber sector, long begin, long end, AtomicLong counted)
      throws NoSuchSector {
    for (boolean there : new boolean[] {true, false}) {
      pipeline.markForUpgrade(sector, there);
      long now = System.nanoTime();
      if (now >= begin && now < end) {
        counted.incrementAndGet();
      }
    }
  }
}
