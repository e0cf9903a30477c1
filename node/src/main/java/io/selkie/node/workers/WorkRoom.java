package io.selkie.node.workers;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkPool.Task;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * How much work of a kind may be at work at once: what this machine does itself, and what the
 * workers who are there have room for by their resources. The pool's slots follow that; what is
 * done here keeps to this machine's own all the same. Thread-safe.
 *
 * <p>The reference has no slots: its scheduler gives each task out when a worker, the miner among
 * them, has room (lotus storage/sealer/sched_resources.go, CanHandleRequest).
 */
final class WorkRoom implements AutoCloseable {

  /**
   * What is done by workers alone, by the task that bounds it. Unsealing keeps to its own setting,
   * and finalising to what this machine's disks can take in.
   */
  static final Map<Task, TaskType> FOLLOWED =
      Map.of(
          Task.ADD_PIECE,
          TaskType.ADD_PIECE,
          Task.PRE_COMMIT_1,
          TaskType.PRE_COMMIT_1,
          Task.PRE_COMMIT_2,
          TaskType.PRE_COMMIT_2,
          Task.COMMIT,
          TaskType.COMMIT_2);

  /** How long nothing may happen until room is counted again all the same. */
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final RemoteWorkers remote;
  private final WorkerRules rules;
  private final Map<Task, Semaphore> own = new ConcurrentHashMap<>();
  private volatile Optional<Thread> counter = Optional.empty();

  WorkRoom(RemoteWorkers remote, WorkerRules rules) {
    this.remote = remote;
    this.rules = rules;
  }

  /**
   * Begins to size the pool's slots.
   *
   * @param proof of the sectors that are sealed
   */
  void follow(WorkPool pool, RegisteredSealProof proof) {
    for (Task task : Task.values()) {
      own.put(task, new Semaphore(pool.limit(task)));
    }
    counter =
        Optional.of(Thread.ofVirtual().name("worker-room").start(() -> keepCounting(pool, proof)));
  }

  private void keepCounting(WorkPool pool, RegisteredSealProof proof) {
    try {
      while (true) {
        long seen = remote.changes();
        count(proof).forEach((task, there) -> pool.resize(task, slots(pool, task, there)));
        remote.awaitChange(seen, LOOK);
      }
    } catch (InterruptedException _) { // the node stops
      Thread.currentThread().interrupt();
    }
  }

  /** One at least, so that somebody is told when there is nobody for the task. */
  private int slots(WorkPool pool, Task task, int there) {
    TaskType bounding = FOLLOWED.get(task);
    int here = bounding != null && rules.local().contains(bounding) ? pool.limit(task) : 0;
    return Math.max(1, here + there);
  }

  /** What the workers do and what they have room for beside it, by kind. */
  private Map<Task, Integer> count(RegisteredSealProof proof) {
    List<RemoteWorker> there = remote.list();
    Map<Task, Integer> all = new EnumMap<>(Task.class);
    FOLLOWED.forEach((task, bounding) -> all.put(task, count(there, task, bounding, proof)));
    return all;
  }

  private static int count(
      List<RemoteWorker> there, Task task, TaskType bounding, RegisteredSealProof proof) {
    int sum = 0;
    for (RemoteWorker each : there) {
      sum += each.busyWith(type -> type.isPartOf(task) && type != TaskType.FETCH);
      if (each.isEnabled() && each.takes(bounding) && hasPlace(each, bounding)) {
        sum += each.more(bounding, proof, WorkPool.MAX_MORE);
      }
      if (sum >= WorkPool.MAX_MORE) {
        return WorkPool.MAX_MORE;
      }
    }
    return sum;
  }

  private static boolean hasPlace(RemoteWorker worker, TaskType type) {
    return type == TaskType.COMMIT_2 || !worker.paths().isEmpty();
  }

  /** A place among this machine's own; empty if they are all taken. */
  Optional<Place> tryTake(TaskType type) {
    for (Map.Entry<Task, Semaphore> each : own.entrySet()) {
      if (type.isPartOf(each.getKey())) {
        Semaphore places = each.getValue();
        return places.tryAcquire() ? Optional.of(places::release) : Optional.empty();
      }
    }
    return Optional.of(() -> {});
  }

  /** Given back when what is done here has ended. */
  @FunctionalInterface
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public void close() {
    counter.ifPresent(Thread::interrupt);
  }
}
