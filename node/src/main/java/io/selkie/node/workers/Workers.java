package io.selkie.node.workers;

import io.selkie.abi.Address;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkPool.Job;
import io.selkie.proofs.seal.SealContext;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.WorkerJob;
import io.selkie.rpc.api.WorkerReturnsApi;
import io.selkie.rpc.api.WorkerStats;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.OtherPaths;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorTransfer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The node's remote workers, as the rest of the node sees them. Thread-safe. */
public final class Workers implements AutoCloseable {

  /** The state of a job that runs. */
  private static final long RUNNING = 0;

  /** The state of a job that is waited for since a restart. */
  private static final long AWAITED = -1;

  /** The state of a job whose result is there and not used yet. */
  private static final long RETURNED = -2;

  /** Under whom jobs stand whose worker is not connected. */
  private static final UUID NOBODY = new UUID(0, 0);

  /** Calls, and who they go to. */
  final CallTracker tracker;

  /** Who is there. */
  final RemoteWorkers remote;

  /** How much is done at once. */
  final WorkRoom room;

  private final SectorJournal journal;
  private final WorkerRules rules;
  private final WorkerTimes times;
  private final String token;
  private final RandomGenerator random;
  private volatile Predicate<SectorId> lent = _ -> false;
  private volatile DataCids dataCids = DataCids.HERE;
  private volatile Optional<HttpPaths> paths = Optional.empty();

  private Workers(
      CallTracker tracker,
      RemoteWorkers remote,
      SectorJournal journal,
      WorkerRules rules,
      WorkerTimes times,
      String token,
      RandomGenerator random) {
    this.random = random;
    this.tracker = tracker;
    this.remote = remote;
    this.room = new WorkRoom(remote, rules);
    this.journal = journal;
    this.rules = rules;
    this.times = times;
    this.token = token;
  }

  /**
   * Nobody is there yet; calls that were under way at the last end are waited for.
   *
   * @param token shows workers who calls
   * @throws IOException if the journal cannot be read
   */
  public static Workers open(
      WorkerRules rules, SectorJournal journal, String token, Address.Network network)
      throws IOException {
    return open(rules, journal, token, network, WorkerTimes.DEFAULT);
  }

  static Workers open(
      WorkerRules rules,
      SectorJournal journal,
      String token,
      Address.Network network,
      WorkerTimes times)
      throws IOException {
    CallTracker tracker = new CallTracker(journal, InstantSource.system());
    return new Workers(
        tracker,
        new RemoteWorkers(rules.reach(), token, network, times, tracker),
        journal,
        rules,
        times,
        token,
        new SecureRandom());
  }

  /**
   * What the node works with.
   *
   * @param sealer does what is done here
   * @param paths of this machine
   * @param index of all machines
   * @param checking hashes data that came from workers
   */
  public record Storage(
      Sealer sealer,
      LocalPaths paths,
      SectorIndex index,
      SectorLocks locks,
      SealContext checking) {}

  /** A sealer that gives work to whom it finds here, and has the rest done by the given one. */
  public Sealer sealer(Storage storage) {
    HttpPaths others =
        new HttpPaths((sector, type) -> elsewhere(storage, sector, type), rules.reach(), token);
    paths = Optional.of(others);
    SectorTransfer transfer = new SectorTransfer(storage.paths(), storage.index(), others);
    Places places = new Places(journal, InstantSource.system());
    TaskFiles files = new TaskFiles(storage.locks(), storage.index(), transfer, places);
    Dispatch dispatch = new Dispatch(this, rules, times, storage.locks(), files);
    lent = dispatch::isLent;
    dataCids = new DataCidTask(dispatch);
    return new DispatchingSealer(
        storage.sealer(),
        dispatch,
        files,
        transfer,
        storage.locks(),
        places,
        storage.checking(),
        random);
  }

  /** Has data hashed by whom it finds here, or by this machine. */
  public DataCids dataCids() {
    return dataCids;
  }

  /**
   * Lets the slots of a pool follow what workers have room for.
   *
   * @param proof of the sectors that are sealed
   */
  public void follow(WorkPool pool, RegisteredSealProof proof) {
    room.follow(pool, proof);
  }

  private static List<OtherPaths.Copy> elsewhere(
      Storage storage, SectorId sector, SectorFileType type) {
    Set<String> own = storage.paths().local().keySet();
    return storage.index().find(sector, Set.of(type)).stream()
        .filter(each -> !own.contains(each.id()))
        .map(each -> new OtherPaths.Copy(each.id(), each.urls()))
        .toList();
  }

  /** Whether a sector's locks are held for a worker, who may read its files all the same. */
  public boolean isLent(SectorId sector) {
    return lent.test(sector);
  }

  /** How workers hand their results in. */
  public WorkerReturnsApi returns() {
    return new WorkerReturns(tracker);
  }

  /**
   * Takes a worker on.
   *
   * @throws RpcFault why not
   */
  public void connect(String url) throws RpcFault, InterruptedException {
    remote.connect(url);
  }

  /** Who is there, by session. */
  public Map<UUID, WorkerStats> stats() {
    Map<UUID, WorkerStats> all = new TreeMap<>();
    remote.list().forEach(each -> all.put(each.session(), each.stats()));
    return all;
  }

  /** What they do, by session; under the nil UUID what is awaited of nobody who is there. */
  public Map<UUID, List<WorkerJob>> jobs() {
    Map<UUID, List<WorkerJob>> all = new TreeMap<>();
    List<UUID> there = remote.list().stream().map(RemoteWorker::session).toList();
    for (WorkerCall call : tracker.calls()) {
      boolean known = there.contains(call.session());
      long state = call.end.isDone() ? RETURNED : known ? RUNNING : AWAITED;
      all.computeIfAbsent(known ? call.session() : NOBODY, _ -> new ArrayList<>())
          .add(
              new WorkerJob(
                  call.id(),
                  call.id().sector(),
                  call.work().task().wireName(),
                  state,
                  call.startedAt(),
                  known ? null : call.hostname()));
    }
    return all;
  }

  /** Whether a job of the node's pool is done by a worker now. */
  public boolean isRemote(Job job) {
    return tracker.calls().stream()
        .anyMatch(call ->
            call.work().sector().equals(job.sector()) && call.work().task().isPartOf(job.task()));
  }

  /**
   * Ends a call with an error.
   *
   * @throws RpcFault if it has ended
   */
  public void abort(CallId call) throws RpcFault {
    tracker.abort(call);
  }

  /** Sessions of workers that take work. */
  public List<String> open() {
    return remote.list().stream()
        .filter(RemoteWorker::isEnabled)
        .map(each -> each.session().toString())
        .toList();
  }

  /** Work whose result is there and not used yet. */
  public List<String> returnedWork() {
    return tracker.returnedWork();
  }

  /** Work whose result is not there yet. */
  public List<String> waiting() {
    return tracker.waiting();
  }

  /** Which call does which work. */
  public Map<String, String> callToWork() {
    return tracker.callToWork();
  }

  /** Calls that were answered though nobody knew them. */
  public List<String> earlyReturns() {
    return tracker.earlyReturns();
  }

  /** Calls nobody any more; what is under way is waited for after the next start. */
  @Override
  public void close() {
    room.close();
    remote.close();
    paths.ifPresent(HttpPaths::close);
  }
}
