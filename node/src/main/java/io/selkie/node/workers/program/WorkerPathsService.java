package io.selkie.node.workers.program;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SealFault;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerPathsApi;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorTransfer;
import io.selkie.storage.StorageInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker's storage paths, opened and closed while it runs; the node is told. Thread-safe. */
final class WorkerPathsService implements WorkerPathsApi {

  private static final Set<SectorFileType> SECTOR =
      EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE, SectorFileType.UNSEALED);

  private static final Logger LOG = LoggerFactory.getLogger(WorkerPathsService.class);

  private final StorageApi storage;
  private final LocalPaths paths;
  private final SectorIndex index;
  private final IndexMirror mirror;
  private final SectorTransfer transfer;
  private final SectorLocks locks;

  /**
   * @param storage does it here
   * @param mirror tells the node of it
   */
  WorkerPathsService(
      StorageApi storage,
      LocalPaths paths,
      SectorIndex index,
      IndexMirror mirror,
      SectorTransfer transfer,
      SectorLocks locks) {
    this.storage = storage;
    this.paths = paths;
    this.index = index;
    this.mirror = mirror;
    this.transfer = transfer;
    this.locks = locks;
  }

  @Override
  public void remove(WireSectorId sector) throws RpcFault, InterruptedException {
    SectorId id;
    try {
      id = SectorId.of(sector.miner(), sector.number());
    } catch (IllegalArgumentException e) {
      throw new RpcFault(String.valueOf(e.getMessage()));
    }
    try (var _ = locks.lock(id, Set.of(), SECTOR)) {
      // One by one: replica and cache together would be cleared for a new replica, and kept if
      // whole.
      for (SectorFileType type : SECTOR) {
        transfer.clearHere(id, EnumSet.of(type));
      }
    } catch (SealFault e) {
      throw new RpcFault("removing sector: " + e.getMessage());
    }
  }

  @Override
  public Map<String, String> storageLocal() throws RpcFault, InterruptedException {
    return storage.storageLocal();
  }

  @Override
  public void storageAddLocal(String directory) throws RpcFault, InterruptedException {
    storage.storageAddLocal(directory);
    mirror.again();
    mirror.flush();
  }

  /** Closes paths. */
  @FunctionalInterface
  private interface Closing {
    void run() throws RpcFault, InterruptedException;
  }

  @Override
  public void storageDetachLocal(String directory) throws RpcFault, InterruptedException {
    closing(() -> storage.storageDetachLocal(directory));
  }

  @Override
  public void storageDetachAll() throws RpcFault, InterruptedException {
    closing(() -> {
      for (Path directory : paths.local().values()) {
        try {
          paths.close(directory);
        } catch (IOException e) {
          // Somebody else has closed it meanwhile.
          LOG.warn("closing {}: {}", directory, e.getMessage());
        }
      }
    });
  }

  @Override
  public void storageRedeclareLocal(@Nullable String id, boolean dropMissing)
      throws RpcFault, InterruptedException {
    storage.storageRedeclareLocal(id, dropMissing);
  }

  /** The node forgets what is open no more, whatever became of the rest. */
  private void closing(Closing closing) throws RpcFault, InterruptedException {
    Map<String, List<String>> before = new TreeMap<>();
    for (String id : storage.storageLocal().keySet()) {
      Optional<StorageInfo> info = index.info(id);
      info.ifPresent(known -> before.put(id, known.urls()));
    }
    try {
      closing.run();
    } finally {
      Set<String> left = storage.storageLocal().keySet();
      before.forEach((id, urls) -> {
        if (!left.contains(id)) {
          mirror.closed(id, urls);
        }
      });
    }
  }
}
