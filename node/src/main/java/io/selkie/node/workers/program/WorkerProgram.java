package io.selkie.node.workers.program;

import io.selkie.abi.Address;
import io.selkie.abi.SectorId;
import io.selkie.node.OpenParts;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.storage.StorageService;
import io.selkie.node.workers.HttpPaths;
import io.selkie.node.workers.Machine;
import io.selkie.node.workers.TaskType;
import io.selkie.node.workers.WorkerRules;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerApi;
import io.selkie.rpc.api.WorkerPath;
import io.selkie.rpc.api.WorkerPathsApi;
import io.selkie.rpc.api.WorkerReturnsApi;
import io.selkie.rpc.api.WorkersApi;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.Tokens;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.OtherPaths;
import io.selkie.storage.PathType;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.SectorTransfer;
import io.selkie.storage.StorageInfo;
import io.selkie.storage.StoragePathsFile;
import io.selkie.storage.TrashPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker, wired and running. Thread-safe. */
final class WorkerProgram implements AutoCloseable {

  /** How often it is looked whether the node is there and knows this worker. */
  static final Duration LOOK = Duration.ofSeconds(2);

  /** Who is not asked for his session for so long was let go. */
  static final Duration FORGOTTEN = Duration.ofSeconds(45);

  /** How often paths report; the index calls them stale after five times that. */
  private static final Duration HEALTH = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(WorkerProgram.class);

  private final OpenParts parts = new OpenParts();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final JsonRpcClient node;
  private final LocalPaths paths;
  private final IndexMirror mirror;
  private final WorkerService service;
  private final JsonRpcServer server;

  /**
   * Starts a worker.
   *
   * @param miner the node it works for, with an admin token
   * @param storage its directory; made a path for sealing if it is none
   * @param listen where its API is; port 0 takes a free one
   * @param gate holds calls up
   */
  WorkerProgram(
      MinerEndpoint miner,
      Path storage,
      InetSocketAddress listen,
      Set<TaskType> tasks,
      CallDesk.Gate gate)
      throws IOException {
    boolean complete = false;
    try {
      node = opened(new JsonRpcClient(miner, Address.Network.TESTNET));
      mirror = opened(new IndexMirror(node.api(StorageApi.class)));
      SectorIndex index = new SectorIndex(InstantSource.system(), mirror);
      SectorLocks locks = new SectorLocks();
      InetSocketAddress at = known(listen);
      paths =
          new LocalPaths(
              index,
              DiskSpace.ofSystem(),
              List.of("http://" + ListenAddress.text(at) + WorkerFiles.PATH),
              new TrashPolicy(Duration.ZERO, false));
      openPath(storage);
      StoragePathsFile more = new StoragePathsFile(storage);
      paths.openAll(more);
      HttpPaths others =
          opened(new HttpPaths(this::elsewhere, WorkerRules.Reach.ANY, miner.token().orElse("")));
      SectorTransfer transfer = new SectorTransfer(paths, index, others);
      LocalSealer sealer =
          new LocalSealer(
              paths,
              index,
              locks,
              Runtime.getRuntime().availableProcessors(),
              Files.createDirectories(storage.resolve("parents")),
              PathType.SEALING);
      CallDesk desk =
          opened(
              new CallDesk(
                  node.api(WorkerReturnsApi.class),
                  new CallJournal(storage.resolve("calls")),
                  mirror,
                  Machine.hostname(),
                  gate));
      service =
          new WorkerService(
              UUID.randomUUID(),
              tasks,
              desk,
              sealer,
              transfer,
              locks,
              () -> workerPaths(index),
              Machine.hostname(),
              ended::countDown);
      server =
          opened(
              JsonRpcServer.builder(Address.Network.TESTNET, throwaway())
                  .judgedBy(new NodeJudge(node.api(AuthApi.class)))
                  .listen(at)
                  .serve(WorkerApi.class, service)
                  .serve(
                      WorkerPathsApi.class,
                      new WorkerPathsService(
                          new StorageService(index, paths, locks, more),
                          paths,
                          index,
                          mirror,
                          transfer,
                          locks))
                  .mount(WorkerFiles.PATH, new WorkerFiles(paths, locks, transfer))
                  .start());
      mirror.start(index);
      desk.returnUnfinished();
      Thread keeper = Thread.ofPlatform().daemon().name("worker-keeper").start(this::keep);
      opened(keeper::interrupt);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  /** The address with its port: a free one is looked for now, for paths are named after it. */
  private static InetSocketAddress known(InetSocketAddress listen) throws IOException {
    if (listen.getPort() != 0) {
      return listen;
    }
    try (ServerSocket free = new ServerSocket(0, 1, listen.getAddress())) {
      return new InetSocketAddress(listen.getAddress(), free.getLocalPort());
    }
  }

  /** No token of this secret is ever taken: the node judges them. */
  private static Tokens throwaway() {
    byte[] secret = new byte[Tokens.SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return Tokens.of(secret);
  }

  private void openPath(Path storage) throws IOException {
    if (!Files.exists(storage.resolve(SectorStoreMeta.FILE_NAME))) {
      LocalPaths.init(storage, SectorStoreMeta.of(UUID.randomUUID(), true, false));
    }
    paths.open(storage);
  }

  /** Copies on other machines, as the node's index knows them. */
  private List<OtherPaths.Copy> elsewhere(SectorId sector, SectorFileType type) throws IOException {
    Set<String> own = paths.local().keySet();
    try {
      return node
          .api(StorageApi.class)
          .storageFindSector(
              new WireSectorId(sector.miner().value(), sector.number().value()),
              type.bit(),
              0,
              false)
          .stream()
          .filter(each -> !own.contains(each.id()))
          .map(each -> {
            List<String> urls = each.urls();
            return new OtherPaths.Copy(each.id(), urls == null ? List.of() : urls);
          })
          .toList();
    } catch (RpcFault e) {
      throw new IOException("asking the node where files are: " + e.text(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking where files are");
    }
  }

  private List<WorkerPath> workerPaths(SectorIndex index) {
    List<WorkerPath> all = new ArrayList<>();
    paths
        .local()
        .forEach((id, directory) ->
            // One that is being closed is in the index no more.
            index
                .info(id)
                .map(StorageInfo::meta)
                .ifPresent(meta ->
                    all.add(
                        new WorkerPath(
                            meta.id(),
                            meta.weight(),
                            directory.toString(),
                            meta.canSeal(),
                            meta.canStore()))));
    return all;
  }

  /** Keeps the node told who this is, and how full the paths are. */
  private void keep() {
    Optional<UUID> known = Optional.empty();
    long healthAtNs = System.nanoTime();
    try {
      while (true) {
        try {
          UUID session = node.api(CommonApi.class).session();
          boolean isForgotten = service.silenceNs() > FORGOTTEN.toNanos();
          if (service.enabled() && (!known.equals(Optional.of(session)) || isForgotten)) {
            mirror.again();
            mirror.flush();
            node.api(WorkersApi.class).workerConnect(server.endpoint().rpc().toString());
            known = Optional.of(session);
            LOG.info("registered with {}", node.endpoint().base());
          }
        } catch (RpcFault away) {
          LOG.warn("the node does not take this worker on: {}", away.text());
        }
        if (System.nanoTime() - healthAtNs > HEALTH.toNanos()) {
          healthAtNs = System.nanoTime();
          paths.reportHealth();
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException _) { // the worker stops
      LOG.debug("the node is told no more");
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    return parts.opened(part);
  }

  /** Where its API is. */
  MinerEndpoint endpoint() {
    return server.endpoint();
  }

  /** Waits until it is closed. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public void close() {
    ended.countDown();
    parts.close();
  }
}
