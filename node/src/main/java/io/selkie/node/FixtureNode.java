package io.selkie.node;

import io.selkie.abi.Address;
import io.selkie.node.recovery.BackupService;
import io.selkie.node.repo.AllowedUrls;
import io.selkie.node.workers.WorkerRules;
import io.selkie.node.workers.Workers;
import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SystemTimekeeper;
import io.selkie.pipeline.UnsealJobs;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkPool.Task;
import io.selkie.rpc.CallAudit;
import io.selkie.rpc.JsonRpcServer;
import io.selkie.rpc.MinerEndpoint;
import io.selkie.rpc.TokenApi;
import io.selkie.rpc.Tokens;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorImport;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.StoragePathsFile;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fixture of the differential suite behind the node's own services: the real pipeline, journal,
 * index, locks and server, with a chain and a sealer that answer what the cases want, and with the
 * reference's own switches, anonymous reads among them.
 */
final class FixtureNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FixtureNode.class);

  /** The daemon whose answers were recorded. */
  private static final NodeIdentity REFERENCE = new NodeIdentity("v1.36.2-dev+mainnet", "lotus");

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final FixtureChain chain = new FixtureChain();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Sealer sealer;
  private final JsonRpcServer server;

  /**
   * What is started.
   *
   * @param fixture what it holds
   * @param listen where; port 0 takes a free one
   * @param tokens judges the callers
   * @param unsealDelay how long an unseal takes
   */
  record Options(Fixture fixture, InetSocketAddress listen, Tokens tokens, Duration unsealDelay) {}

  private FixtureNode(Path directory, Options options) throws IOException {
    SqliteJournal journal = opened(FixtureJournal.create(directory.resolve("journal.db")));
    Path config = Files.createFile(directory.resolve("config.toml"));
    SealDelay sealing = new SealDelay(config, SealingConfig.defaults());
    SectorIndex index = new SectorIndex(InstantSource.system());
    SectorLocks locks = new SectorLocks();
    FixtureStore store = FixtureStore.create(directory.resolve("storage"));
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of(FixtureStore.URL));
    paths.open(store.root());
    sealer = new FixtureSealer(index, locks, store, options.unsealDelay());
    PipelineParts made = pipelineParts(journal, sealing);
    UnsealJobs unsealing = opened(new UnsealJobs(made));
    unsealing.start();
    SectorPipeline pipeline = opened(new SectorPipeline(made));
    MinerApi api =
        opened(
            new MinerApi(
                new MinerApi.Parts(
                    Address.Network.MAINNET,
                    options.tokens(),
                    new TokenApi(options.tokens()),
                    REFERENCE,
                    made,
                    pipeline,
                    unsealing,
                    sealing,
                    Forcing.LENIENT,
                    new SectorImport(paths, index, locks, 1, directory),
                    new AllowedUrls(List.of()),
                    index,
                    locks,
                    paths,
                    new StorageService(index, paths, locks, new StoragePathsFile(directory)),
                    List::of,
                    opened(
                        Workers.open(
                            WorkerRules.DEFAULT,
                            journal,
                            options.tokens().createForWorkers("workers"),
                            Address.Network.MAINNET)),
                    chain,
                    new BackupService(Optional.empty(), journal),
                    List::of,
                    CallAudit.NONE,
                    opened(new Metrics()),
                    ended::countDown),
                sectors -> FixtureAnswers.over(sectors, options.fixture())));
    server = opened(api.builder().listen(options.listen()).anonymousRead(true).start());
    pipeline.start();
  }

  /**
   * Starts it.
   *
   * @param directory empty; holds its files
   */
  static FixtureNode start(Path directory, Options options) throws IOException {
    return new FixtureNode(directory, options);
  }

  private PipelineParts pipelineParts(SqliteJournal journal, SealDelay sealing) {
    Map<Task, Integer> slots =
        Stream.of(Task.values()).collect(Collectors.toUnmodifiableMap(task -> task, _ -> 1));
    return new PipelineParts(
        FixtureChain.MINER,
        journal,
        chain,
        sealer,
        new WorkPool(slots),
        opened(new SystemTimekeeper()),
        new SplittableRandom(1),
        sealing,
        PipelineListener.NONE);
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /** Where it listens. */
  MinerEndpoint endpoint() {
    return server.endpoint();
  }

  /** Waits until a caller shuts it down. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Ends it, last opened first; what one part fails with does not keep the others open. */
  @Override
  public void close() {
    ended.countDown();
    synchronized (parts) {
      while (!parts.isEmpty()) {
        AutoCloseable part = parts.pop();
        try {
          part.close();
        } catch (Exception failed) {
          LOG.error("closing {} failed", part.getClass().getSimpleName(), failed);
        }
      }
    }
  }
}
