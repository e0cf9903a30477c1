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
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorLocks;
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
  private final TaskFiles files;
  private final Map<SectorId, Integer> lent = new ConcurrentHashMap<>();

  Dispatch(
      Workers workers, WorkerRules rules, WorkerTimes times, SectorLocks locks, TaskFiles files) {
    this.workers = workers;
    this.rules = rules;
    this.times = times;
    this.locks = locks;
    this.files = files;
  }

  /** A worker could not do it now, or did it wrong; another one may do better. */
  static final class Failed extends Exception {
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
      files.bringHere(task);
      return here.run();
    } finally {
      workers.remote.signal();
    }
  }

  /** Whoever can do the task, the least busy first, and among those who can do least else. */
  private Optional<RemoteWorker> choose(RemoteTask<?> task, Collection<UUID> failed)
      throws SealFault {
    files.requireBack(task);
    RemoteWorker best = null;
    for (RemoteWorker worker : sorted()) {
      if (worker.isEnabled()
          && !failed.contains(worker.session())
          && worker.takes(task.type())
          && worker.fits(task.type(), task.sector().proof())
          && files.hasFiles(worker, task)) {
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
      Set<SectorFileType> missing = files.missing(worker, task);
      if (!task.makes().isEmpty() || !task.write().isEmpty()) {
        files.note(task.sector().id(), worker.paths());
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
    return switch (work.task()) {
      case ADD_PIECE, DATA_CID -> HAND_OVER;
      case PRE_COMMIT_1, PRE_COMMIT_2, COMMIT_1, COMMIT_2, FINALIZE, FETCH, UNSEAL ->
          times.answer();
    };
  }

  private Duration limit(RemoteTask<?> task) {
    return task.sector().proof().sectorSize().bytes() > 1L << 29 ? times.large() : times.small();
  }

  /** Clears what is made anew, and brings to the worker what it needs. */
  private void prepare(RemoteWorker worker, RemoteTask<?> task, Set<SectorFileType> missing)
      throws SealFault, Failed, InterruptedException {
    SectorId sector = task.sector().id();
    if (!task.makes().isEmpty()) {
      files.clearFor(worker, sector, task.makes());
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
    CallResult fetched = outcome(call);
    forget(call);
    if (!(fetched instanceof CallResult.Done)) {
      throw new Failed("getting " + missing + " came to something else");
    }
    // What is changed there must not stay here or elsewhere as it was.
    Set<SectorFileType> changed = new HashSet<>(missing);
    changed.retainAll(task.write());
    if (!changed.isEmpty()) {
      files.requireThere(worker, sector, changed);
      files.clearFor(worker, sector, changed);
    }
  }

  /** The call is on record until its result can be used; whoever is interrupted finds it again. */
  private <T> T result(RemoteTask<T> task, WorkerCall call)
      throws SealFault, Failed, InterruptedException {
    CallResult outcome = outcome(call);
    try {
      T read = task.reading().read(outcome);
      Optional<RemoteWorker> worker = of(call);
      if (worker.isPresent() && !task.makes().isEmpty()) {
        files.requireThere(worker.get(), task.sector().id(), task.makes());
      }
      Optional<RemoteTask<?>> confirming = task.confirming().of(read);
      if (confirming.isPresent()) {
        confirm(confirming.get(), call);
      }
      forget(call);
      return read;
    } catch (WrongAnswer e) {
      forget(call);
      throw new Failed("its answer is wrong: " + e.getMessage());
    } catch (Failed e) {
      forget(call);
      throw e;
    }
  }

  private Optional<RemoteWorker> of(WorkerCall call) {
    return workers.remote.list().stream()
        .filter(each -> each.session().equals(call.session()))
        .findFirst();
  }

  /**
   * Has the worker show that its result is right, if it is there and can. One that cannot now is
   * believed for the time being: what follows shows it too.
   */
  private void confirm(RemoteTask<?> confirming, WorkerCall call)
      throws Failed, SealFault, InterruptedException {
    Optional<RemoteWorker> worker = back(call);
    if (worker.isEmpty() || !worker.get().takes(confirming.type())) {
      LOG.info("{}: nobody is there to show that it is right", call);
      return;
    }
    try {
      WorkerCall asked =
          started(worker.get(), confirming.work(), confirming.begin(), false, confirming);
      CallResult shown = outcome(asked);
      forget(asked);
      var _ = confirming.reading().read(shown);
    } catch (WrongAnswer e) {
      throw new Failed("its result is wrong: " + e.getMessage());
    } catch (Failed e) {
      LOG.warn("{}: it does not show now that it is right: {}", call, e.getMessage());
    } catch (SealFault e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      throw new Failed("it cannot show that its result is right: " + e.getMessage());
    }
  }

  /** Whose call it is; after a restart of the node it may be back in a moment. */
  private Optional<RemoteWorker> back(WorkerCall call) throws InterruptedException {
    long deadline = System.nanoTime() + times.patience().toNanos();
    while (true) {
      long seen = workers.remote.changes();
      Optional<RemoteWorker> found = of(call);
      long leftNs = deadline - System.nanoTime();
      if (found.isPresent() || !call.isAdopted() || leftNs <= 0) {
        return found;
      }
      workers.remote.awaitChange(seen, Duration.ofNanos(leftNs));
    }
  }

  private void forget(WorkerCall call) throws SealFault {
    try {
      workers.tracker.forget(call);
    } catch (IOException e) {
      throw new SealFault(Kind.IO, call + ": " + e.getMessage(), e);
    }
  }

  /** A result that is no failure; a failure is forgotten. */
  private CallResult outcome(WorkerCall call) throws SealFault, Failed, InterruptedException {
    Optional<CallResult> ended;
    try {
      ended = workers.tracker.end(call);
    } catch (IOException e) {
      throw new SealFault(Kind.IO, call + ": " + e.getMessage(), e);
    }
    if (ended.isEmpty()) {
      throw new Failed("it gave no answer until " + call.deadline());
    }
    if (!(ended.get() instanceof CallResult.Failed(CallError error))) {
      return ended.get();
    }
    forget(call);
    if (CallTracker.isAbort(error)) {
      throw new SealFault(Kind.BAD_REQUEST, call + " was aborted by an operator");
    }
    if (error.code() >= CallResult.Failed.TEMPORARY) {
      throw new Failed("code " + error.code() + ": " + error.message());
    }
    throw new SealFault(Kind.IO, call + ": " + error.message());
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
