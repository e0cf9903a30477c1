package io.selkie.node.workers;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.storage.OtherPaths;
import io.selkie.storage.PathType;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorTransfer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the files are that tasks of workers need and make. Thread-safe. */
final class TaskFiles {

  private static final Logger LOG = LoggerFactory.getLogger(TaskFiles.class);

  private final SectorLocks locks;
  private final SectorIndex index;
  private final SectorTransfer transfer;
  private final Places places;

  TaskFiles(SectorLocks locks, SectorIndex index, SectorTransfer transfer, Places places) {
    this.locks = locks;
    this.index = index;
    this.transfer = transfer;
    this.places = places;
  }

  /**
   * Refuses to go on without files that are on a path which is away.
   *
   * @throws SealFault UNREACHABLE
   */
  void requireBack(RemoteTask<?> task) throws SealFault {
    SectorId sector = task.sector().id();
    for (SectorFileType kind : task.needs()) {
      if (transfer.here(sector, Set.of(kind)).isEmpty()
          && transfer.elsewhere(sector, kind).isEmpty()) {
        places.requireBack(sector, path -> index.info(path).isPresent());
      }
    }
  }

  /** Files of the sector will be on these paths. */
  void note(SectorId sector, Collection<String> paths) throws SealFault {
    places.note(sector, paths);
  }

  /** Whether a worker has what the task needs, or can get it. */
  boolean hasFiles(RemoteWorker worker, RemoteTask<?> task) throws SealFault {
    SectorId sector = task.sector().id();
    for (SectorFileType kind : task.needs()) {
      boolean somewhere =
          !transfer.elsewhere(sector, kind).isEmpty()
              || !transfer.here(sector, Set.of(kind)).isEmpty();
      if (!holds(worker, sector, kind) && !(task.fetches() && somewhere)) {
        return false;
      }
    }
    return (task.needs().isEmpty() && task.makes().isEmpty()) || !worker.paths().isEmpty();
  }

  /** Whether a worker has the copy that counts. */
  boolean holds(RemoteWorker worker, SectorId sector, SectorFileType kind) throws SealFault {
    return worker.paths().stream().anyMatch(latest(sector, kind)::contains);
  }

  /**
   * The paths whose copy counts. A worker that was let go and is back still has what others went on
   * with; of the copies that workers made, only that on the path noted last is as it should be.
   */
  private Set<String> latest(SectorId sector, SectorFileType kind) throws SealFault {
    List<String> paths =
        transfer.elsewhere(sector, kind).stream().map(OtherPaths.Copy::path).toList();
    List<String> noted = places.noted(sector);
    for (int i = noted.size() - 1; i >= 0; i--) {
      if (paths.contains(noted.get(i))) {
        return Set.of(noted.get(i));
      }
    }
    return Set.copyOf(paths);
  }

  /**
   * What the worker has to get first. A copy that is left over is taken away before the worker's
   * path is noted as the last: from then on it would pass for the one that counts.
   */
  Set<SectorFileType> missing(RemoteWorker worker, RemoteTask<?> task)
      throws SealFault, Dispatch.Failed {
    SectorId sector = task.sector().id();
    Set<SectorFileType> missing = new HashSet<>();
    for (SectorFileType kind : task.needs()) {
      if (holds(worker, sector, kind)) {
        continue;
      }
      missing.add(kind);
      if (task.write().contains(kind)) {
        clearElsewhere(sector, Set.of(kind), latest(sector, kind));
        if (isAt(worker, sector, kind)) {
          throw new Dispatch.Failed("has a " + kind + " file left over that cannot be taken away");
        }
      }
    }
    return missing;
  }

  private boolean isAt(RemoteWorker worker, SectorId sector, SectorFileType kind) throws SealFault {
    return transfer.elsewhere(sector, kind).stream()
        .anyMatch(copy -> worker.paths().contains(copy.path()));
  }

  /** Refuses what is said to be done and is not to be found. */
  void requireThere(RemoteWorker worker, SectorId sector, Set<SectorFileType> kinds)
      throws SealFault, Dispatch.Failed {
    for (SectorFileType kind : kinds) {
      if (!isAt(worker, sector, kind)) {
        throw new Dispatch.Failed(
            "says it is done, and the index knows no " + kind + " file there");
      }
    }
  }

  /** Copies on a machine that is away cannot be cleared, and must not hold the work up. */
  void clearElsewhere(SectorId sector, Set<SectorFileType> kinds, Set<String> keep)
      throws SealFault {
    try {
      transfer.removeElsewhere(sector, kinds, keep);
    } catch (SealFault e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      LOG.warn("{}", e.getMessage());
    }
  }

  /** Brings here what the task needs; what it changes is then nowhere else. */
  void bringHere(RemoteTask<?> task) throws SealFault, InterruptedException {
    SectorId sector = task.sector().id();
    Set<SectorFileType> needs = task.needs();
    boolean elsewhere = false;
    for (SectorFileType kind : needs) {
      elsewhere |= !transfer.elsewhere(sector, kind).isEmpty();
    }
    if (!elsewhere || transfer.here(sector, needs).containsAll(needs)) {
      return;
    }
    try (var _ = locks.lock(sector, Set.of(), needs)) {
      transfer.bring(sector, task.sector().proof().sectorSize(), needs, PathType.SEALING, true);
      Set<SectorFileType> changed = new HashSet<>(needs);
      changed.retainAll(task.write());
      changed.retainAll(transfer.here(sector, changed));
      transfer.removeElsewhere(sector, changed, Set.of());
    }
  }

  /** Takes away everywhere but at a worker what is made anew there. */
  void clearFor(RemoteWorker worker, SectorId sector, Set<SectorFileType> kinds) throws SealFault {
    transfer.clearHere(sector, kinds);
    clearElsewhere(sector, kinds, worker.paths());
  }
}
