package io.selkie.node;

import io.selkie.abi.Address;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.RegisteredSealProof.Kind;
import io.selkie.chain.BlockTimer;
import io.selkie.chain.Devnet;
import io.selkie.chain.DevnetEnvironment;
import io.selkie.chain.DevnetParams;
import io.selkie.dashboard.Dashboard;
import io.selkie.node.proving.DevnetProving;
import io.selkie.node.proving.ProvingViewService;
import io.selkie.node.query.DevnetSectors;
import io.selkie.node.receive.FetchLimits;
import io.selkie.node.receive.HttpSealer;
import io.selkie.node.receive.RemoteRequests;
import io.selkie.node.recovery.BackupService;
import io.selkie.node.recovery.Doctor;
import io.selkie.node.recovery.RecoveryService;
import io.selkie.node.recovery.RecoverySite;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.repo.MinerConfig;
import io.selkie.node.repo.Repo;
import io.selkie.node.sectors.SealDelay;
import io.selkie.node.storage.NodeStorage;
import io.selkie.node.storage.StoragePathService;
import io.selkie.node.storage.TrashService;
import io.selkie.node.workers.Workers;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SystemTimekeeper;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkPool.Task;
import io.selkie.pipeline.unseal.UnsealJobs;
import io.selkie.rpc.api.AuditApi;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.ProvingViewApi;
import io.selkie.rpc.api.RecoveryApi;
import io.selkie.rpc.api.StoragePathApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.api.TrashApi;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.AuditTrail;
import io.selkie.rpc.token.RepoFiles;
import io.selkie.storage.LocalSealer;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A miner, wired and running: repository, journal, storage, chain, pipeline, API, in this order; it
 * closes in the opposite one. Thread-safe.
 */
public final class MinerNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MinerNode.class);

  /** The exit status when the journal could not be written: memory may be ahead of the disk. */
  static final int EXIT_JOURNAL_FAILED = 3;

  private static final Address.Network NETWORK = Address.Network.TESTNET;

  private final OpenParts parts = new OpenParts();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int exitStatus;

  private final Repo repo;
  private final MinerConfig config;
  private final Devnet devnet;
  private final Metrics metrics;
  private volatile Optional<NodeAlerts> alerts = Optional.empty();
  private final NodeStorage storage;
  private final Workers workers;
  private final JsonRpcServer server;

  private MinerNode(NodeOptions options, NodeEvents events) throws IOException, ChainFault {
    boolean complete = false;
    try {
      repo = opened(Repo.open(options.repo()));
      config = FirstRun.config(repo, options);
      SealDelay sealing = new SealDelay(repo.config(), config.sealing());
      RepoFiles files = new RepoFiles(repo.root());
      NodeAccess access = opened(NodeAccess.open(files));
      metrics = opened(new Metrics());
      SqliteJournal journal = opened(SqliteJournal.open(repo.journal()));
      storage =
          opened(
              NodeStorage.open(
                  repo,
                  knownAddress(options),
                  config.storage(),
                  options.parentsCache().orElse(repo.parentsCache())));
      workers =
          opened(
              Workers.open(
                  config.workers(), journal, access.tokens().createForWorkers("workers"), NETWORK));
      devnet = opened(openDevnet());
      devnet.ensureMiner(config.devnet().miner(), config.devnet().sectorSize());
      PipelineParts made = pipelineParts(journal, sealing, events);
      UnsealJobs unsealing = opened(new UnsealJobs(made));
      unsealing.start();
      SectorPipeline pipeline = opened(openPipeline(made, unsealing));
      NodeAlerts watching = opened(alerts(journal, pipeline));
      alerts = Optional.of(watching);
      OwnApi own =
          new OwnApi(
              config.devnet().miner(),
              journal,
              new DevnetSectors(devnet, config.devnet().miner()),
              storage.index(),
              InstantSource.system(),
              NETWORK);
      server = listen(options, access, made, pipeline, sealing, unsealing, journal, own);
      if (!server.address().equals(knownAddress(options))) {
        storage.servedAt(server.address());
      }
      // Closed before the server, which would wait for the readers of the feed.
      opened(own);
      devnet.start(BlockTimer.ofSystem());
      pipeline.start();
      watching.start();
      files.writeAddress(server.endpoint().multiaddress());
      parts.opened(files::removeAddress);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  /**
   * Starts a miner.
   *
   * @throws IOException if the repository is in use, damaged or unreadable, or the address is taken
   */
  public static MinerNode start(NodeOptions options, NodeEvents events)
      throws IOException, ChainFault {
    return new MinerNode(options, events);
  }

  private Devnet openDevnet() throws IOException {
    DevnetParams params = DevnetParams.ofLotus2k().withBlockDelay(config.devnet().blockDelay());
    return Devnet.open(
        Files.createDirectories(repo.devnet()), params, DevnetEnvironment.ofSystem());
  }

  private PipelineParts pipelineParts(SqliteJournal journal, SealDelay sealing, NodeEvents events) {
    int processors = Runtime.getRuntime().availableProcessors();
    WorkPool work =
        new WorkPool(
            Map.of(
                Task.ADD_PIECE,
                2,
                Task.PRE_COMMIT_1,
                processors,
                Task.PRE_COMMIT_2,
                1,
                Task.COMMIT,
                processors,
                Task.FINALIZE,
                2,
                Task.UNSEAL,
                config.sealing().unsealing().max(),
                Task.DOWNLOAD,
                2));
    workers.follow(work, RegisteredSealProof.of(config.devnet().sectorSize(), Kind.V1_1));
    SystemTimekeeper clock = opened(new SystemTimekeeper());
    RemoteRequests requests =
        opened(new RemoteRequests(config.api().fetchFrom(), FetchLimits.DEFAULT));
    return new PipelineParts(
            config.devnet().miner(),
            new MeasuredJournal(journal, metrics::appended),
            devnet,
            workers.sealer(storage.forWorkers()),
            work,
            clock,
            new SplittableRandom(),
            sealing,
            new PipelineEvents(events, this::journalFailed))
        .withElsewhere(new HttpSealer(requests, storage.arrivals(), FetchLimits.DEFAULT));
  }

  /** A pipeline that takes unsealing jobs back when their sector is removed. */
  private static SectorPipeline openPipeline(PipelineParts parts, UnsealJobs unsealing) {
    return new SectorPipeline(parts.withListener(new RemovalWatch(unsealing, parts.listener())));
  }

  /** Where the API will listen, as far as it is known before: a free port is not. */
  private InetSocketAddress knownAddress(NodeOptions options) {
    return options
        .listen()
        .filter(each -> each.getPort() != 0)
        .orElseGet(() -> ListenAddress.ofMultiaddress(config.api().listenAddress()));
  }

  private JsonRpcServer listen(
      NodeOptions options,
      NodeAccess access,
      PipelineParts made,
      SectorPipeline pipeline,
      SealDelay sealing,
      UnsealJobs unsealing,
      SqliteJournal journal,
      OwnApi own)
      throws IOException {
    InetSocketAddress at =
        options
            .listen()
            .orElseGet(() -> ListenAddress.ofMultiaddress(config.api().listenAddress()));
    if (config.api().anonymousRead()) {
      LOG.warn(
          "API.AnonymousRead is on: whoever reaches {} may read everything",
          ListenAddress.text(at));
    }
    if (!at.getAddress().isLoopbackAddress()) {
      LOG.warn(
          "the API listens at {}, not on the loopback address, without encryption",
          ListenAddress.text(at));
    }
    AuditTrail audit = opened(NodeAccess.record(repo.root(), pipeline));
    MinerApi api =
        new MinerApi(
            new MinerApi.Parts(
                NETWORK,
                access.tokens(),
                access.api(),
                NodeIdentity.SELKIE,
                made,
                pipeline,
                unsealing,
                sealing,
                config.api().lenientUpdate() ? Forcing.LENIENT : Forcing.CHECKED,
                storage.arrivals(),
                config.api().fetchFrom(),
                storage.index(),
                storage.locks(),
                storage.paths(),
                storage.service(),
                () -> devnet.dealsOf(config.devnet().miner()),
                workers,
                new DevnetProving(devnet, config.devnet().miner()),
                new BackupService(options.backupBase(), journal),
                alerts.orElseThrow(),
                audit,
                metrics,
                this::beginEnd));
    JsonRpcServer started =
        opened(
            own.addTo(api.builder())
                .miner(config.devnet().miner())
                .mount("/", Dashboard.load())
                .listen(at)
                .anonymousRead(config.api().anonymousRead())
                .limits(config.api().limits())
                .serve(AuditApi.class, audit)
                .serve(TokenListApi.class, access.api())
                .serve(
                    ProvingViewApi.class, new ProvingViewService(devnet, config.devnet().miner()))
                .serve(TrashApi.class, new TrashService(storage.removed()))
                .serve(StoragePathApi.class, new StoragePathService(UUID::randomUUID))
                .serve(RecoveryApi.class, recovery(journal, pipeline))
                .serve(DevnetApi.class, new DevnetService(devnet, config.devnet().miner()))
                .start());
    // Closed before the server: who waits for the end is told over the connection.
    opened(api);
    return started;
  }

  private RecoveryService recovery(SqliteJournal journal, SectorPipeline pipeline) {
    RecoverySite site =
        new RecoverySite(
            config.devnet().miner(),
            config.devnet().sectorSize(),
            journal,
            Optional.of(devnet),
            "",
            storage::inventory,
            Optional.of(storage.index()),
            config.storage().retention(),
            InstantSource.system());
    return new RecoveryService(
        repo.root(), journal, devnet, new Doctor(site, storage.steps(pipeline, journal)));
  }

  private NodeAlerts alerts(SqliteJournal journal, SectorPipeline pipeline) throws IOException {
    return new NodeAlerts(
        new NodeAlerts.Sources(
            config.devnet().miner(),
            repo.journal(),
            config.devnet().sectorSize().bytes(),
            journal,
            devnet::head,
            pipeline::undecodable,
            storage.index(),
            storage.paths()),
        InstantSource.system());
  }

  private <T extends AutoCloseable> T opened(T part) {
    return parts.opened(part);
  }

  private void journalFailed(Throwable cause) {
    LOG.error("the journal cannot be written; stopping, so that nothing runs ahead of it", cause);
    exitStatus = EXIT_JOURNAL_FAILED;
    alerts.ifPresent(each -> each.journalFailed(cause));
    beginEnd();
  }

  private void beginEnd() {
    ended.countDown();
  }

  /** Where the API listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** The miner's address, with the network's prefix. */
  public String minerAddress() {
    return Address.ofId(config.devnet().miner()).text(NETWORK);
  }

  /** The repository's directory. */
  public Path root() {
    return repo.root();
  }

  /** The configuration in force at the start. */
  public MinerConfig config() {
    return config;
  }

  /** The work on files, for reading pieces back without the wire. */
  public LocalSealer sealer() {
    return storage.sealer();
  }

  /** Waits until the node is told to stop; the exit status says why. */
  public int awaitEnd() throws InterruptedException {
    ended.await();
    return exitStatus;
  }

  /**
   * Stops everything, last opened first; what one part fails with does not keep the others open.
   */
  @Override
  public void close() {
    beginEnd();
    parts.close();
  }
}
