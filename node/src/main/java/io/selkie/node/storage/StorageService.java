package io.selkie.node.storage;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.node.workers.StorageWire;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.FsStat;
import io.selkie.rpc.api.HealthReport;
import io.selkie.rpc.api.SectorLock;
import io.selkie.rpc.api.SectorLocks;
import io.selkie.rpc.api.SectorStorageInfo;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.StorageDecl;
import io.selkie.rpc.api.StorageInfo;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.server.CurrentCall;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.PathType;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StoragePathsFile;
import io.selkie.storage.StorageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The storage methods of the wire, answered from the index, the open paths and the locks.
 * Thread-safe.
 */
public final class StorageService implements StorageApi {

  /** Above the six kinds of file; the reference refuses more bits with this text. */
  private static final int MAX_TYPE_MASK = 63;

  private final SectorIndex index;
  private final LocalPaths paths;
  private final io.selkie.storage.SectorLocks locks;
  private final StorageReport report;
  private final StoragePathsFile registered;

  /**
   * @param registered the list of paths that are opened at the next start too
   */
  public StorageService(
      SectorIndex index,
      LocalPaths paths,
      io.selkie.storage.SectorLocks locks,
      StoragePathsFile registered) {
    this.index = index;
    this.paths = paths;
    this.locks = locks;
    this.report = new StorageReport(index, paths, locks);
    this.registered = registered;
  }

  @Override
  public Map<String, List<StorageDecl>> storageList() {
    Map<String, List<StorageDecl>> result = new LinkedHashMap<>();
    report
        .list()
        .forEach((id, declared) ->
            result.put(
                id,
                declared.stream()
                    .map(each ->
                        new StorageDecl(
                            each.sector().miner().value(),
                            each.sector().number().value(),
                            each.mask()))
                    .toList()));
    return result;
  }

  @Override
  public Map<String, String> storageLocal() {
    Map<String, String> result = new LinkedHashMap<>();
    report.local().forEach((id, path) -> result.put(id, path.toString()));
    return result;
  }

  @Override
  public StorageInfo storageInfo(String id) throws RpcFault {
    return StorageWire.info(
        report.info(id).orElseThrow(() -> new RpcFault("sector store not found")));
  }

  @Override
  public FsStat storageStat(String id) throws RpcFault {
    try {
      return StorageWire.stat(
          report
              .stat(id)
              .orElseThrow(
                  () -> new RpcFault("getting remote storage info: sector store not found")));
    } catch (IOException unreadable) {
      throw new RpcFault("reading the room in storage " + id + ": " + unreadable.getMessage());
    }
  }

  @Override
  public List<SectorStorageInfo> storageFindSector(
      WireSectorId sector, int fileTypes, long sectorSize, boolean allowFetch) throws RpcFault {
    try {
      return report.findSector(id(sector), types(fileTypes), sectorSize, allowFetch).stream()
          .map(StorageWire::sectorInfo)
          .toList();
    } catch (IllegalArgumentException refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public List<StorageInfo> storageBestAlloc(
      int fileTypes, long sectorSize, String pathType, long miner) throws RpcFault {
    List<StorageInfo> good;
    try {
      good =
          report
              .bestAlloc(
                  types(fileTypes),
                  SectorSize.ofBytes(sectorSize),
                  PathType.ofWireName(pathType),
                  new ActorId(miner))
              .stream()
              .map(StorageWire::info)
              .toList();
    } catch (IllegalArgumentException refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
    if (good.isEmpty()) {
      throw new RpcFault("no good path found");
    }
    return good;
  }

  @Override
  public void storageAttach(StorageInfo info, FsStat stat) throws RpcFault {
    refusable(() -> index.attach(StorageWire.info(info), StorageWire.stat(stat)));
  }

  @Override
  public void storageDetach(String id, String url) throws RpcFault {
    refusable(() -> index.detach(id, url));
  }

  @Override
  public void storageReportHealth(String id, HealthReport health) throws RpcFault {
    refusable(() ->
        index.reportHealth(
            id, new io.selkie.storage.HealthReport(StorageWire.stat(health.stat()), health.err())));
  }

  @Override
  public void storageDeclareSector(String id, WireSectorId sector, int fileTypes, boolean primary)
      throws RpcFault {
    SectorId known = id(sector);
    Set<SectorFileType> types = types(fileTypes);
    if (index.info(id).isEmpty()) {
      // The reference takes it and then crashes in StorageList; nobody can want that.
      throw new RpcFault("storage '" + id + "' isn't registered");
    }
    refusable(() -> index.declare(id, known, types, primary));
  }

  @Override
  public void storageDropSector(String id, WireSectorId sector, int fileTypes) throws RpcFault {
    index.drop(id, id(sector), types(fileTypes));
  }

  /**
   * As in the reference the lock ends with the call: over the wire this only waits for the moment.
   */
  @Override
  public void storageLock(WireSectorId sector, int read, int write)
      throws RpcFault, InterruptedException {
    if ((read | write) == 0) {
      throw new RpcFault("failed to acquire lock");
    }
    locks.lock(id(sector), types(read), types(write)).close();
  }

  @Override
  public boolean storageTryLock(WireSectorId sector, int read, int write) throws RpcFault {
    if ((read | write) == 0) {
      return false;
    }
    Optional<io.selkie.storage.SectorLocks.Held> held =
        locks.tryLock(id(sector), types(read), types(write));
    held.ifPresent(io.selkie.storage.SectorLocks.Held::close);
    return held.isPresent();
  }

  @Override
  public SectorLocks storageGetLocks() {
    return new SectorLocks(
        report.locks().stream()
            .map(each ->
                new SectorLock(
                    new WireSectorId(each.sector().miner().value(), each.sector().number().value()),
                    each.write().stream().map(Integer::longValue).toList(),
                    each.read().stream().map(Integer::longValue).toList()))
            .toList());
  }

  @Override
  public void storageAddLocal(String directory) throws RpcFault {
    try {
      SectorStoreMeta.read(Path.of(directory));
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new RpcFault(
          "opening local path: reading storage metadata for "
              + directory
              + ": "
              + unreadable.getMessage());
    }
    try {
      Path root = absolute(directory);
      paths.open(root);
      try {
        registered.add(root);
      } catch (IOException notKept) {
        // It would be gone after the next start, with sectors on it by then.
        paths.close(root);
        throw notKept;
      }
    } catch (IOException | IllegalArgumentException refused) {
      throw new RpcFault("opening local path: " + refused.getMessage());
    }
  }

  @Override
  public void storageDetachLocal(String directory) throws RpcFault {
    try {
      Path root = absolute(directory);
      if (!paths.local().containsValue(root)) {
        throw new IOException("no local paths match '" + directory + "'");
      }
      registered.remove(root);
      paths.close(root);
    } catch (IOException | IllegalArgumentException refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public void storageRedeclareLocal(@Nullable String id, boolean dropMissing) throws RpcFault {
    try {
      String before = declared();
      paths.redeclare(Optional.ofNullable(id), dropMissing);
      CurrentCall.changed("sectors declared by path", before, declared());
    } catch (IOException unreadable) {
      throw new RpcFault("scanning local paths: " + unreadable.getMessage());
    }
  }

  /**
   * How many sectors have files on each path: a scan of the disk, which was just made, costs more.
   */
  private String declared() {
    Map<String, Integer> counts = new TreeMap<>();
    report.list().forEach((id, sectors) -> counts.put(id, sectors.size()));
    return counts.toString();
  }

  private static Path absolute(String directory) {
    return Path.of(directory).toAbsolutePath().normalize();
  }

  private static void refusable(Runnable action) throws RpcFault {
    try {
      action.run();
    } catch (IllegalArgumentException refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  private static Set<SectorFileType> types(int mask) throws RpcFault {
    if (mask < 0 || mask > MAX_TYPE_MASK) {
      throw new RpcFault("unknown file types specified");
    }
    return SectorFileType.ofMask(mask);
  }

  private static SectorId id(WireSectorId sector) throws RpcFault {
    try {
      return SectorId.of(sector.miner(), sector.number());
    } catch (IllegalArgumentException tooLarge) {
      throw new RpcFault(String.valueOf(tooLarge.getMessage()));
    }
  }
}
