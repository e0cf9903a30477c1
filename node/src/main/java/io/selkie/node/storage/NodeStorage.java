package io.selkie.node.storage;

import io.selkie.node.recovery.DoctorSteps;
import io.selkie.node.recovery.OnlineSteps;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.repo.Repo;
import io.selkie.node.workers.Workers;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.proofs.seal.SealContext;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.RemovedFiles;
import io.selkie.storage.SectorImport;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StorageInventory;
import io.selkie.storage.StoragePathsFile;
import io.selkie.storage.TrashPolicy;
import io.selkie.storage.TrashSweep;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The storage side of a node: index, paths, locks, and the sealer that works on them. */
public final class NodeStorage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeStorage.class);

  private final SectorIndex index;
  private final SectorLocks locks;
  private final LocalPaths paths;
  private final LocalSealer sealer;
  private final SectorImport arrivals;
  private final StorageService service;
  private final TrashSweep sweep;
  private final RemovedFiles removed;
  private final Path parents;

  /** Beside the heartbeat's: deleting large directories takes longer than a heartbeat may. */
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("trash-sweep").factory());

  private final StorageHeartbeat heartbeat;

  private NodeStorage(Repo repo, InetSocketAddress api, TrashPolicy trashPolicy, Path parentsCache)
      throws IOException {
    index = new SectorIndex(InstantSource.system());
    locks = new SectorLocks();
    StoragePathsFile registered = new StoragePathsFile(repo.root());
    paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of(remoteUrl(api)), trashPolicy);
    sweep = new TrashSweep(paths, InstantSource.system());
    removed = new RemovedFiles(paths, index, locks);
    if (registered.read().isEmpty()) {
      Path own = repo.root();
      if (!Files.exists(own.resolve(SectorStoreMeta.FILE_NAME))) {
        LocalPaths.init(own, SectorStoreMeta.of(UUID.randomUUID(), true, true));
      }
      registered.add(own);
    }
    paths.openAll(registered);
    for (Path directory : registered.read()) {
      for (String member : SectorStoreMeta.unknownMembers(directory)) {
        LOG.warn(
            "{}: member '{}' means nothing to Selkie",
            directory.resolve(SectorStoreMeta.FILE_NAME),
            member);
      }
    }
    if (trashPolicy.retention().isZero()) {
      LOG.warn("Storage.TrashRetention is 0: files of removed sectors are deleted at once");
    }
    parents = Files.createDirectories(parentsCache);
    sealer =
        new LocalSealer(paths, index, locks, Runtime.getRuntime().availableProcessors(), parents);
    arrivals =
        new SectorImport(
            paths,
            index,
            locks,
            Runtime.getRuntime().availableProcessors(),
            parents,
            new SecureRandom());
    service = new StorageService(index, paths, locks, registered);
    heartbeat = StorageHeartbeat.start(paths);
    // At the start as well: a node that is restarted often would never sweep.
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::sweepTrash, 0, TrashSweep.INTERVAL.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Opens every registered path; a new repository becomes one itself.
   *
   * @param api where the API listens, under which other machines would fetch files
   * @param trashPolicy what becomes of removed files
   */
  public static NodeStorage open(
      Repo repo, InetSocketAddress api, TrashPolicy trashPolicy, Path parentsCache)
      throws IOException {
    return new NodeStorage(repo, api, trashPolicy, parentsCache);
  }

  /** Where the API listens now; a free port is not known before. */
  public void servedAt(InetSocketAddress api) throws IOException {
    paths.serveAt(List.of(remoteUrl(api)));
  }

  private static String remoteUrl(InetSocketAddress api) {
    return "http://" + ListenAddress.text(api) + "/remote";
  }

  /** A scheduled task that throws is never run again, and then no trash is swept. */
  private void sweepTrash() {
    try {
      TrashSweep.Swept swept = sweep.run();
      if (swept.purged() > 0) {
        LOG.info("deleted {} removed files whose time was over", swept.purged());
      }
      swept.failures().forEach(failure -> LOG.error("sweeping failed: {}", failure));
    } catch (RuntimeException failed) {
      LOG.error("sweeping the trash failed", failed);
    }
  }

  /** Removed files that are still kept. */
  public RemovedFiles removed() {
    return removed;
  }

  public SectorIndex index() {
    return index;
  }

  public LocalPaths paths() {
    return paths;
  }

  public SectorLocks locks() {
    return locks;
  }

  /** Everything that lies on the open paths. */
  public StorageInventory inventory(Instant now) {
    return paths.inventory(now);
  }

  /** What the doctor does while the node runs. */
  public DoctorSteps steps(SectorPipeline pipeline, SectorJournal journal) {
    return new OnlineSteps(pipeline, journal, paths, removed);
  }

  /** What workers are given work on. */
  public Workers.Storage forWorkers() {
    return new Workers.Storage(
        sealer,
        paths,
        index,
        locks,
        new SealContext(
            Runtime.getRuntime().availableProcessors(), parents, (phase, done, total) -> {}));
  }

  /** Takes in files of sectors that were sealed elsewhere. */
  public SectorImport arrivals() {
    return arrivals;
  }

  public LocalSealer sealer() {
    return sealer;
  }

  public StorageService service() {
    return service;
  }

  @Override
  public void close() {
    heartbeat.close();
    sweeper.shutdownNow();
  }
}
