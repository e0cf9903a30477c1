package io.selkie.node.workers;

import io.selkie.abi.SectorId;
import io.selkie.node.workers.RemoteTask.Here;
import io.selkie.node.workers.RemoteTask.WrongAnswer;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerApi;
import io.selkie.storage.OtherPaths;
import io.selkie.storage.PathType;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorTransfer;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a task to a worker that can do it, or has it done here; waits for the end, and looks for
 * another worker when one fails for now. The sector's locks are held here the whole time.
 * Thread-safe.
 */
final class Dispatch {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  /** Data is still on its way while a piece is handed over. */
  private static final Duration HAND_OVER = Duration.ofHours(2);

  /** Whoever waits for a place here looks again after so long, should nobody tell him. */
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Workers workers;
  private final WorkerRules rules;
  private final WorkerTimes times;
  private final SectorLocks locks;
  private final SectorIndex index;
  private final SectorTransfer transfer;
  private final Places places;
  private final Map<SectorId, Integer> lent = new ConcurrentHashMap<>();

  Dispatch(
      Workers workers,
      WorkerRules rules,
      WorkerTimes times,
      SectorLocks locks,
      SectorIndex index,
      SectorTransfer transfer,
      Places places) {
    this.workers = workers;
    this.rules = rules;
    this.times = times;
    this.locks = locks;
    this.index = index;
    this.transfer = transfer;
    this.places = places;
  }

  /** A worker could not do it now, or did it wrong; another one may do better. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String why) {
      super(why);
    }
  }

  /** Whether a sector's locks are held for a worker, who may read its files all the same. */
  boolean isLent(SectorId sector) {
    return lent.containsKey(sector);
  }

  /**
   * Has the task done.
   *
   * @throws SealFault UNREACHABLE if nobody could do it for a while
   */
  <T> T run(RemoteTask<T> task, Here<T> here) throws SealFault {
    try {
      Optional<WorkerCall> before = workers.tracker.underWay(task.work());
      if (before.isPresent()) {
        LOG.info("{}: waited for again", before.get());
        try (var _ = lend(task);
            var _ = held(before.get(), task)) {
          return result(task, before.get());
        } catch (Failed e) {
          LOG.warn("{}: {}", before.get(), e.getMessage());
        }
      }
      return anew(task, here);
    } catch (InterruptedException e) {
      throw cancelled(task, e);
    }
  }

  /** What is still done from before a restart counts at its worker, once that is back. */
  private RemoteWorkers.Held held(WorkerCall call, RemoteTask<?> task) {
    return workers.remote.hold(call.session(), task.type(), task.sector().proof());
  }

  private <T> T anew(RemoteTask<T> task, Here<T> here) throws SealFault, InterruptedException {
    long deadline = System.nanoTime() + times.idle().toNanos();
    Set<UUID> failed = new HashSet<>();
    String last = "none takes this task on and has room for it";
    while (true) {
      long seen = workers.remote.changes();
      Optional<RemoteWorker> found = choose(task, failed);
      if (found.isPresent()) {
        RemoteWorker worker = found.get();
        try (var _ = worker.seat(task.type(), task.sector().proof())) {
          return at(worker, task);
        } catch (Failed e) {
          failed.add(worker.session());
          last = worker + ": " + e.getMessage();
          LOG.warn("{} of {} failed at {}", task.type(), task.sector().id(), last);
          continue;
        } finally {
          workers.remote.signal();
        }
      }
      boolean isLocal = rules.local().contains(task.type());
      Optional<WorkRoom.Place> place =
          isLocal ? workers.room.tryTake(task.type()) : Optional.empty();
      if (place.isPresent()) {
        return here(task, here, place.get());
      }
      // Whoever is done here in the end waits as long as it takes, as in a queue.
      long leftMs = isLocal ? LOOK.toMillis() : (deadline - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0 && !isLocal) {
        throw new SealFault(
            Kind.UNREACHABLE,
            "no worker for %s of sector %s: %s".formatted(task.type(), task.sector().id(), last));
      }
      workers.remote.awaitChange(seen, Duration.ofMillis(leftMs));
    }
  }

  private <T> T here(RemoteTask<T> task, Here<T> here, WorkRoom.Place place)
      throws SealFault, InterruptedException {
    try (place) {
      bringHere(task);
      return here.run();
    } finally {
      workers.remote.signal();
    }
  }

  /** Whoever can do the task, the least busy first, and among those who can do least else. */
  private Optional<RemoteWorker> choose(RemoteTask<?> task, Collection<UUID> failed)
      throws SealFault {
    SectorId sector = task.sector().id();
    for (SectorFileType kind : task.needs()) {
      if (transfer.here(sector, Set.of(kind)).isEmpty()
          && transfer.elsewhere(sector, kind).isEmpty()) {
        places.requireBack(sector, path -> index.info(path).isPresent());
      }
    }
    RemoteWorker best = null;
    for (RemoteWorker worker : sorted()) {
      if (worker.isEnabled()
          && !failed.contains(worker.session())
          && worker.takes(task.type())
          && worker.fits(task.type(), task.sector().proof())
          && hasFiles(worker, task)) {
        best = worker;
        break;
      }
    }
    return Optional.ofNullable(best);
  }

  private List<RemoteWorker> sorted() {
    return workers.remote.list().stream()
        .sorted(
            Comparator.comparingDouble(RemoteWorker::load)
                .thenComparingInt(RemoteWorker::versatility)
                .thenComparing(RemoteWorker::session))
        .toList();
  }

  private boolean hasFiles(RemoteWorker worker, RemoteTask<?> task) throws SealFault {
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

  private boolean holds(RemoteWorker worker, SectorId sector, SectorFileType kind)
      throws SealFault {
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

  /** The sector's locks, and the mark that they are held for a worker. */
  private AutoCloseableLocks lend(RemoteTask<?> task) throws InterruptedException {
    SectorId sector = task.sector().id();
    if (task.read().isEmpty() && task.write().isEmpty()) {
      return () -> {};
    }
    SectorLocks.Held held = locks.lock(sector, task.read(), task.write());
    lent.merge(sector, 1, Integer::sum);
    return () -> {
      lent.computeIfPresent(sector, (_, count) -> count == 1 ? null : count - 1);
      held.close();
    };
  }

  /** Locks that are given back without ado. */
  @FunctionalInterface
  private interface AutoCloseableLocks extends AutoCloseable {
    @Override
    void close();
  }

  private <T> T at(RemoteWorker worker, RemoteTask<T> task)
      throws SealFault, Failed, InterruptedException {
    try (var _ = lend(task)) {
      Set<SectorFileType> missing = missing(worker, task);
      if (!task.makes().isEmpty() || !task.write().isEmpty()) {
        places.note(task.sector().id(), worker.paths());
      }
      prepare(worker, task, missing);
      return result(task, started(worker, task.work(), task.begin(), task.durable(), task));
    }
  }

  private WorkerCall started(
      RemoteWorker worker, Work work, RemoteTask.Begin begin, boolean durable, RemoteTask<?> task)
      throws Failed, InterruptedException {
    try {
      CallId id = worker.ask(_ -> begin.begin(worker), handOver(work));
      LOG.info("{} of {} given to {}", work.task(), work.sector(), worker);
      WorkerCall call =
          workers.tracker.started(
              work, id, worker.session(), worker.hostname(), limit(task), durable);
      if (worker.isGone()) {
        // It was let go before this call was known, which else nobody would end.
        workers.tracker.lost(call, worker + " went while it was given a call");
      }
      return call;
    } catch (RpcFault e) {
      throw new Failed("does not take it: " + e.text());
    } catch (IOException e) {
      throw new Failed("its call is not on record: " + e.getMessage());
    }
  }

  private Duration handOver(Work work) {
    return work.task() == TaskType.ADD_PIECE ? HAND_OVER : times.answer();
  }

  private Duration limit(RemoteTask<?> task) {
    return task.sector().proof().sectorSize().bytes() > 1L << 29 ? times.large() : times.small();
  }

  /**
   * What the worker has to get first. A copy that is left over is taken away before the worker's
   * path is noted as the last: from then on it would pass for the one that counts.
   */
  private Set<SectorFileType> missing(RemoteWorker worker, RemoteTask<?> task)
      throws SealFault, Failed {
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
          throw new Failed("has a " + kind + " file left over that cannot be taken away");
        }
      }
    }
    return missing;
  }

  private boolean isAt(RemoteWorker worker, SectorId sector, SectorFileType kind) throws SealFault {
    return transfer.elsewhere(sector, kind).stream()
        .anyMatch(copy -> worker.paths().contains(copy.path()));
  }

  /** Clears what is made anew, and brings to the worker what it needs. */
  private void prepare(RemoteWorker worker, RemoteTask<?> task, Set<SectorFileType> missing)
      throws SealFault, Failed, InterruptedException {
    SectorId sector = task.sector().id();
    if (!task.makes().isEmpty()) {
      transfer.clearHere(sector, task.makes());
      clearElsewhere(sector, task.makes(), worker.paths());
    }
    if (missing.isEmpty()) {
      return;
    }
    int mask = SectorFileType.mask(missing);
    Work fetch = Work.of(TaskType.FETCH, task.sector(), List.of(Integer.toString(mask)));
    SectorRef ref = wire(task.sector());
    WorkerCall call =
        started(
            worker,
            fetch,
            at -> at.api().fetch(ref, mask, "sealing", WorkerApi.MODE_COPY),
            false,
            task);
    if (!(outcome(call) instanceof CallResult.Done)) {
      throw new Failed("getting " + missing + " came to something else");
    }
    // What is changed there must not stay here or elsewhere as it was.
    Set<SectorFileType> changed = new HashSet<>(missing);
    changed.retainAll(task.write());
    if (!changed.isEmpty()) {
      requireThere(worker, sector, changed);
      transfer.clearHere(sector, changed);
      clearElsewhere(sector, changed, worker.paths());
    }
  }

  private void requireThere(RemoteWorker worker, SectorId sector, Set<SectorFileType> kinds)
      throws SealFault, Failed {
    for (SectorFileType kind : kinds) {
      if (!isAt(worker, sector, kind)) {
        throw new Failed("says it is done, and the index knows no " + kind + " file there");
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

  private <T> T result(RemoteTask<T> task, WorkerCall call)
      throws SealFault, Failed, InterruptedException {
    CallResult outcome = outcome(call);
    try {
      T read = task.reading().read(outcome);
      Optional<RemoteWorker> worker =
          workers.remote.list().stream()
              .filter(each -> each.session().equals(call.session()))
              .findFirst();
      if (worker.isPresent() && !task.makes().isEmpty()) {
        requireThere(worker.get(), task.sector().id(), task.makes());
      }
      return read;
    } catch (WrongAnswer e) {
      throw new Failed("its answer is wrong: " + e.getMessage());
    }
  }

  private CallResult outcome(WorkerCall call) throws SealFault, Failed, InterruptedException {
    Optional<CallResult> ended;
    try {
      ended = workers.tracker.await(call);
    } catch (IOException e) {
      throw new SealFault(Kind.IO, call + ": " + e.getMessage(), e);
    }
    if (ended.isEmpty()) {
      throw new Failed("it gave no answer until " + call.deadline());
    }
    if (!(ended.get() instanceof CallResult.Failed(CallError error))) {
      return ended.get();
    }
    if (CallTracker.isAbort(error)) {
      throw new SealFault(Kind.BAD_REQUEST, call + " was aborted by an operator");
    }
    if (error.code() >= CallResult.Failed.TEMPORARY) {
      throw new Failed("code " + error.code() + ": " + error.message());
    }
    throw new SealFault(Kind.IO, call + ": " + error.message());
  }

  /** Brings here what the task needs; what it changes is then nowhere else. */
  private void bringHere(RemoteTask<?> task) throws SealFault, InterruptedException {
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

  /** A sector on the wire. */
  static SectorRef wire(io.selkie.pipeline.Sealer.SectorRef sector) {
    return new SectorRef(
        new WireSectorId(sector.id().miner().value(), sector.id().number().value()),
        sector.proof().number());
  }

  private static SealFault cancelled(RemoteTask<?> task, InterruptedException e) {
    return new SealFault(
        Kind.CANCELLED, task.type() + " of sector " + task.sector().id() + ": interrupted", e);
  }
}
