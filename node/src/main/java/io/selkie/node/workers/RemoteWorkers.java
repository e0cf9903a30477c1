package io.selkie.node.workers;

import io.selkie.abi.Address;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.node.workers.WorkerRules.Reach;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.WorkerApi;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that the node has taken on. Each is asked for its session over and over: one that is
 * silent is given no work, and after a while it is let go, as is one that was started again.
 * Thread-safe.
 */
final class RemoteWorkers implements AutoCloseable {

  /** More than any miner has machines. */
  static final int MAX_WORKERS = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(RemoteWorkers.class);

  private final Reach reach;
  private final String token;
  private final Address.Network network;
  private final WorkerTimes times;
  private final CallTracker tracker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<UUID, RemoteWorker> workers = new LinkedHashMap<>();
  private final Map<UUID, Seats> seats = new HashMap<>();
  private final List<Thread> watches = new ArrayList<>();
  private long changes;
  private boolean closed;

  /**
   * @param token shows workers who calls
   * @param tracker told of workers that are gone
   */
  RemoteWorkers(
      Reach reach, String token, Address.Network network, WorkerTimes times, CallTracker tracker) {
    this.reach = reach;
    this.token = token;
    this.network = network;
    this.times = times;
    this.tracker = tracker;
  }

  /**
   * Takes a worker on that asked for it.
   *
   * @param url its API
   * @throws RpcFault why not
   */
  void connect(String url) throws RpcFault, InterruptedException {
    RemoteWorker worker;
    JsonRpcClient client = null;
    try {
      client = client(url);
      worker = new RemoteWorker(url, client, times.answer(), this::seats);
      client = null;
    } catch (RpcFault e) {
      throw e.code() == JsonRpcClient.CONNECTION_FAILED
          ? refused("creating jsonrpc client: " + e.text())
          : refused(e.text());
    } finally {
      if (client != null) {
        client.closeNow();
      }
    }
    List<RemoteWorker> before = new ArrayList<>();
    lock.lock();
    try {
      if (closed || workers.size() >= MAX_WORKERS) {
        before.add(worker);
        throw refused(closed ? "the node stops" : "there are " + MAX_WORKERS + " workers already");
      }
      if (workers.containsKey(worker.session())) {
        before.add(worker);
        LOG.info("{} asks again; it is known", worker);
        return;
      }
      workers.values().stream().filter(each -> each.url().equals(url)).forEach(before::add);
      workers.put(worker.session(), worker);
      watches.removeIf(each -> !each.isAlive());
      watches.add(Thread.ofVirtual().name("worker-watch").start(() -> watch(worker)));
      signal();
    } finally {
      lock.unlock();
      before.forEach(each -> drop(each, "was started again"));
    }
    LOG.info("{} is taken on, host {}", worker, worker.hostname());
  }

  private static RpcFault refused(String why) {
    return new RpcFault("connecting remote storage failed: " + why);
  }

  private JsonRpcClient client(String url) throws RpcFault {
    try {
      MinerEndpoint at =
          new MinerEndpoint(reach.allowed(MinerEndpoint.parse(url).base()), Optional.of(token));
      return JsonRpcClient.wary(at, network, RemoteWorker.MAX_ANSWER);
    } catch (IllegalArgumentException | IOException e) {
      throw new RpcFault("creating jsonrpc client: " + e.getMessage());
    }
  }

  private Seats seats(UUID session) {
    lock.lock();
    try {
      return seats.computeIfAbsent(session, _ -> new Seats());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Counts a task as one of a session's that may not be back yet: it was begun before the node's
   * last start.
   */
  Held hold(UUID session, TaskType task, RegisteredSealProof proof) {
    Seats.Seat seat = seats(session).take(task, proof);
    return () -> {
      seat.close();
      forgetEmpty(session);
      signal();
    };
  }

  /** Ends with the task. */
  @FunctionalInterface
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private void forgetEmpty(UUID session) {
    lock.lock();
    try {
      if (!workers.containsKey(session)) {
        seats.computeIfPresent(session, (_, of) -> of.list().isEmpty() ? null : of);
      }
    } finally {
      lock.unlock();
    }
  }

  private void watch(RemoteWorker worker) {
    long heardNs = System.nanoTime();
    try {
      while (!worker.isGone()) {
        Thread.sleep(times.heartbeat());
        try {
          look(worker);
          heardNs = System.nanoTime();
        } catch (RpcFault silent) {
          worker.enable(false);
          signal();
          long silentMs = Duration.ofNanos(System.nanoTime() - heardNs).toMillis();
          LOG.warn("{} does not say who it is: {}", worker, silent.text());
          if (silentMs >= times.patience().toMillis()) {
            drop(worker, "was silent for " + silentMs + " ms");
          }
        }
      }
    } catch (InterruptedException _) { // the node stops, and its workers are not lost by that
      LOG.debug("{} is watched no more", worker);
    }
  }

  /** Asks a worker whether it is still itself, and takes work. */
  private void look(RemoteWorker worker) throws RpcFault, InterruptedException {
    UUID now;
    boolean takesWork = true;
    try {
      now = worker.ask(WorkerApi::session);
    } catch (RpcFault refused) {
      if (refused.code() == JsonRpcClient.CONNECTION_FAILED) {
        throw refused;
      }
      // One that is switched off says so, and goes on with what it has.
      now = worker.ask(WorkerApi::processSession);
      takesWork = false;
    }
    if (!now.equals(worker.session())) {
      drop(worker, "was started again");
      return;
    }
    worker.look();
    if (worker.isEnabled() != takesWork) {
      LOG.info("{} takes {} work", worker, takesWork ? "on" : "no more");
    }
    worker.enable(takesWork);
    signal();
  }

  /** Lets a worker go: what it was given fails, and may be given to others. */
  void drop(RemoteWorker worker, String why) {
    lock.lock();
    try {
      if (workers.remove(worker.session(), worker)) {
        LOG.warn("{} is let go: it {}", worker, why);
      }
      worker.leave();
      signal();
    } finally {
      lock.unlock();
    }
    forgetEmpty(worker.session());
    if (list().stream().noneMatch(each -> each.session().equals(worker.session()))) {
      tracker.lost(worker.session(), worker + " " + why);
    }
    worker.close();
  }

  /** Everybody who was taken on and not let go. */
  List<RemoteWorker> list() {
    lock.lock();
    try {
      return List.copyOf(workers.values());
    } finally {
      lock.unlock();
    }
  }

  /** Counts what may matter to who waits for a worker. */
  long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a worker came, went, or is free again, or the time is over.
   *
   * @param seen what {@link #changes} was when nothing was found
   */
  void awaitChange(long seen, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (changes == seen && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells who waits that something may have changed. */
  void signal() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops watching; calls that are under way are waited for after the next start. */
  @Override
  public void close() {
    List<RemoteWorker> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(workers.values());
      workers.clear();
      watches.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
    left.forEach(RemoteWorker::close);
  }
}
