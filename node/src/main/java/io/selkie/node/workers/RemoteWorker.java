package io.selkie.node.workers;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.node.workers.TaskNeeds.InUse;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.TaskResources;
import io.selkie.rpc.api.WorkerApi;
import io.selkie.rpc.api.WorkerInfo;
import io.selkie.rpc.api.WorkerStats;
import io.selkie.rpc.client.JsonRpcClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/** A worker that the node has taken on, and what it is busy with for the node. Thread-safe. */
final class RemoteWorker implements AutoCloseable {

  /** A question to a worker. */
  @FunctionalInterface
  interface Question<T> {
    T ask(WorkerApi worker) throws RpcFault, InterruptedException;
  }

  /** The longest answer that is taken in, characters: of a thousand paths and more. */
  static final int MAX_ANSWER = 1_000_000;

  /** Tasks at one worker at once, whatever it says that it has. */
  static final int MAX_TASKS = 256;

  /** The session of a worker that stops (lotus storage/sealer/manager.go, ClosedWorkerID). */
  private static final UUID CLOSED = new UUID(0, 0);

  private final String url;
  private final JsonRpcClient client;
  private final WorkerApi api;
  private final Duration answer;
  private final UUID session;
  private final WorkerInfo info;
  private final Seats seats;
  private volatile Set<String> tasks = Set.of();
  private volatile Set<String> paths = Set.of();
  private volatile boolean enabled = true;
  private volatile boolean gone;

  /**
   * Asks a worker who it is.
   *
   * @param url as it gave it
   * @param client speaks to it; closed with this
   * @param seats what a worker of a session does already
   * @throws RpcFault if it does not answer, or is of another version
   */
  RemoteWorker(String url, JsonRpcClient client, Duration answer, Function<UUID, Seats> seats)
      throws RpcFault, InterruptedException {
    this.url = url;
    this.client = client;
    this.api = client.api(WorkerApi.class);
    this.answer = answer;
    long version = ask(WorkerApi::version);
    if ((version & WorkerApi.VERSION_MASK) != (WorkerApi.VERSION & WorkerApi.VERSION_MASK)) {
      throw new RpcFault(
          "unsupported worker api version: %s (expected %s)"
              .formatted(text(version), text(WorkerApi.VERSION)));
    }
    this.session = ask(WorkerApi::session);
    if (session.equals(CLOSED)) {
      throw new RpcFault("worker already closed");
    }
    this.info = ask(WorkerApi::info);
    look();
    this.seats = seats.apply(session);
  }

  private static String text(long version) {
    return (version >> 16 & 0xff) + "." + (version >> 8 & 0xff) + "." + (version & 0xff);
  }

  /**
   * Asks what should be answered at once.
   *
   * @throws RpcFault what it says; of code {@link JsonRpcClient#CONNECTION_FAILED} if it is silent
   */
  <T> T ask(Question<T> question) throws RpcFault, InterruptedException {
    return ask(question, answer);
  }

  /** As the other one, with more or less time for the answer. */
  <T> T ask(Question<T> question, Duration atMost) throws RpcFault, InterruptedException {
    CompletableFuture<T> answered = new CompletableFuture<>();
    Thread asking =
        Thread.ofVirtual()
            .name("worker-question")
            .start(() -> {
              try {
                answered.complete(question.ask(api));
              } catch (RpcFault | InterruptedException | RuntimeException e) {
                answered.completeExceptionally(e);
              }
            });
    try {
      return answered.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw silent("does not answer within " + atMost.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RpcFault fault -> fault;
        case null, default -> silent("cannot be asked: " + e.getCause());
      };
    } finally {
      asking.interrupt();
    }
  }

  private RpcFault silent(String what) {
    return new RpcFault(
        JsonRpcClient.CONNECTION_FAILED, "RPC client error: worker " + url + " " + what, null);
  }

  /** Looks again what it takes on, and where it has room. */
  void look() throws RpcFault, InterruptedException {
    tasks = new TreeSet<>(ask(WorkerApi::taskTypes).keySet());
    Set<String> ids = new TreeSet<>();
    ask(WorkerApi::paths).forEach(path -> ids.add(path.id()));
    paths = ids;
  }

  /** Where it is called. */
  String url() {
    return url;
  }

  /** What it is called with; calls that begin work take as long as that takes to begin. */
  WorkerApi api() {
    return api;
  }

  UUID session() {
    return session;
  }

  WorkerInfo info() {
    return info;
  }

  String hostname() {
    return info.hostname();
  }

  /** The ids of its storage paths. */
  Set<String> paths() {
    return paths;
  }

  boolean takes(TaskType task) {
    return tasks.contains(task.wireName());
  }

  /** How many kinds of work it takes on: who can do little is given first what he can. */
  int versatility() {
    return tasks.size();
  }

  boolean isEnabled() {
    return enabled && !gone;
  }

  void enable(boolean on) {
    enabled = on;
  }

  /** It is given no more work, and what it was given counts as lost. */
  void leave() {
    gone = true;
  }

  /** Whether it was let go. */
  boolean isGone() {
    return gone;
  }

  /** Whether there is room for the task now. */
  boolean fits(TaskType task, RegisteredSealProof proof) {
    return more(task, proof, 1) == 1;
  }

  /** How many more of such a task there is room for now. */
  int more(TaskType task, RegisteredSealProof proof, int atMost) {
    TaskResources needs = TaskNeeds.of(info, task, proof);
    List<Seats.Taken> taken = seats.list();
    long same = taken.stream().filter(each -> each.task() == task && each.proof() == proof).count();
    InUse used = inUse(taken);
    int room = 0;
    while (room < atMost
        && taken.size() + room < MAX_TASKS
        && (needs.maxConcurrent() <= 0 || same + room < needs.maxConcurrent())
        && (info.ignoreResources() || used.leaves(needs, info.resources()))) {
      used = used.plus(needs, info.resources());
      room++;
    }
    return room;
  }

  /** How many tasks of these kinds it does now. */
  int busyWith(Predicate<TaskType> kinds) {
    return Math.toIntExact(seats.list().stream().filter(each -> kinds.test(each.task())).count());
  }

  /** Takes room for a task, whether there is any or not. */
  Seats.Seat seat(TaskType task, RegisteredSealProof proof) {
    return seats.take(task, proof);
  }

  private InUse inUse(List<Seats.Taken> taken) {
    InUse sum = InUse.NOTHING;
    for (Seats.Taken each : taken) {
      sum = sum.plus(TaskNeeds.of(info, each.task(), each.proof()), info.resources());
    }
    return sum;
  }

  /** How much of it is taken, 0 to 1 and above. */
  double load() {
    return inUse(seats.list()).share(info.resources());
  }

  /** As the API shows it. */
  WorkerStats stats() {
    Map<String, Long> counts = new TreeMap<>();
    List<Seats.Taken> taken = seats.list();
    taken.forEach(
        each -> counts.merge(each.proof().number() + ":" + each.task().wireName(), 1L, Long::sum));
    InUse sum = inUse(taken);
    return new WorkerStats(
        info,
        List.copyOf(tasks),
        isEnabled(),
        sum.min(),
        sum.max(),
        sum.gpus(),
        sum.cpus(),
        counts);
  }

  @Override
  public String toString() {
    return "worker " + session + " at " + url;
  }

  @Override
  public void close() {
    // What is asked of it right now must not hold up who lets it go.
    client.closeNow();
  }
}
