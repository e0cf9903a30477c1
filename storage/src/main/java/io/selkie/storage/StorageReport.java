package io.selkie.storage;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** What the API answers about storage, as plain records. Thread-safe. */
public final class StorageReport {

  private final SectorIndex index;
  private final LocalPaths paths;
  private final SectorLocks locks;

  /** Reads from these three. */
  public StorageReport(SectorIndex index, LocalPaths paths, SectorLocks locks) {
    this.index = index;
    this.paths = paths;
    this.locks = locks;
  }

  /** StorageList: every known path with what lies on it. */
  public SortedMap<String, List<Declaration>> list() {
    return index.list();
  }

  /** StorageLocal: the directories of this machine's paths. */
  public SortedMap<String, Path> local() {
    return paths.local();
  }

  /** StorageInfo: a path's description; empty if the id is not known. */
  public Optional<StorageInfo> info(String id) {
    return index.info(id);
  }

  /** StorageStat: how full a path is; for one of another machine what it last reported. */
  public Optional<FsStat> stat(String id) throws IOException {
    Optional<FsStat> here = paths.stat(id);
    return here.isPresent() ? here : index.health(id).map(HealthReport::stat);
  }

  /**
   * StorageFindSector: the paths that hold any of the kinds, and if {@code allowFetch} those a copy
   * could be fetched to.
   *
   * @param sectorBytes the sector's size, for the room a fetch needs; 0 if it is not known
   * @throws IllegalArgumentException if {@code allowFetch} and the size is no sector's
   */
  public List<SectorStorageInfo> findSector(
      SectorId sector, Set<SectorFileType> types, long sectorBytes, boolean allowFetch) {
    return allowFetch ? index.findOrFetch(sector, types, sectorBytes) : index.find(sector, types);
  }

  /** StorageBestAlloc: the paths with room, best first; empty if no good path is found. */
  public List<StorageInfo> bestAlloc(
      Set<SectorFileType> types, SectorSize size, PathType use, ActorId miner) {
    return index.bestAlloc(types, size, use, miner);
  }

  /** StorageGetLocks: what is held now. */
  public List<SectorLocks.Listed> locks() {
    return locks.list();
  }
}
