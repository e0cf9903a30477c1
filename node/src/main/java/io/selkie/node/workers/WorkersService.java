package io.selkie.node.workers;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkPool.Job;
import io.selkie.pipeline.WorkPool.Task;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.SchedDiag;
import io.selkie.rpc.api.SchedInfo;
import io.selkie.rpc.api.SchedRequest;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerInfo;
import io.selkie.rpc.api.WorkerJob;
import io.selkie.rpc.api.WorkerStats;
import io.selkie.rpc.api.WorkersApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Workers and the scheduler: this process is a worker whose jobs are those of the work pool, and
 * remote ones stand beside it. What waits for a slot of the pool is a request. Thread-safe.
 */
public final class WorkersService implements WorkersApi {

  private final WorkPool pool;
  private final SectorPipeline pipeline;
  private final UUID worker;
  private final String hostname;
  private final Workers workers;

  /**
   * @param worker this process; its jobs are named after it
   * @param workers the remote ones
   */
  public WorkersService(
      WorkPool pool, SectorPipeline pipeline, UUID worker, String hostname, Workers workers) {
    this.pool = pool;
    this.pipeline = pipeline;
    this.worker = worker;
    this.hostname = hostname;
    this.workers = workers;
  }

  @Override
  public void workerConnect(String url) throws RpcFault, InterruptedException {
    workers.connect(url);
  }

  @Override
  public Map<UUID, WorkerStats> workerStats() throws RpcFault {
    Map<String, Long> counts = new TreeMap<>();
    long running = 0;
    for (Job job : pool.jobs()) {
      if (job.startedAt().isPresent() && !workers.isRemote(job)) {
        counts.merge(proof(job.sector()) + ":" + name(job.task()), 1L, Long::sum);
        running++;
      }
    }
    Map<UUID, WorkerStats> all = new TreeMap<>(workers.stats());
    all.put(
        worker,
        new WorkerStats(
            new WorkerInfo(hostname, false, Machine.resources()),
            Arrays.stream(Task.values()).map(WorkersService::name).sorted().toList(),
            true,
            0,
            0,
            0,
            running,
            counts));
    return all;
  }

  @Override
  public Map<UUID, List<WorkerJob>> workerJobs() {
    Map<UUID, List<WorkerJob>> all = new TreeMap<>(workers.jobs());
    List<WorkerJob> own =
        pool.jobs().stream()
            .filter(each -> !workers.isRemote(each))
            .flatMap(each -> running(each).stream())
            .toList();
    if (!own.isEmpty()) {
      all.put(worker, own);
    }
    return all;
  }

  private Optional<WorkerJob> running(Job job) {
    WireSectorId sector = wire(job.sector());
    return job.startedAt()
        .map(start ->
            new WorkerJob(new CallId(sector, id(job)), sector, name(job.task()), 0, start, null));
  }

  /** There is nothing to be scheduled: a free slot is taken at once. */
  @Override
  public SchedDiag sealingSchedDiag(boolean doSched) {
    List<SchedRequest> waiting =
        pool.jobs().stream()
            .filter(each -> each.startedAt().isEmpty())
            .map(each ->
                new SchedRequest(
                    wire(each.sector()), name(each.task()), each.isUrgent() ? 1 : 0, id(each)))
            .toList();
    List<String> open = new ArrayList<>(List.of(worker.toString(), worker.toString()));
    open.addAll(workers.open());
    return new SchedDiag(
        new SchedInfo(waiting.isEmpty() ? null : waiting, waiting.isEmpty() ? open : null),
        listOrNull(workers.returnedWork()),
        listOrNull(workers.waiting()),
        workers.callToWork(),
        listOrNull(workers.earlyReturns()));
  }

  private static @Nullable List<String> listOrNull(List<String> all) {
    return all.isEmpty() ? null : all;
  }

  @Override
  public void sealingAbort(CallId call) throws RpcFault {
    if (!isOurs(call.id()) || !pool.abort(call.id().getLeastSignificantBits())) {
      workers.abort(call);
    }
  }

  @Override
  public void sealingRemoveRequest(UUID request) throws RpcFault {
    boolean waits =
        isOurs(request)
            && pool.jobs().stream()
                .anyMatch(each -> id(each).equals(request) && each.startedAt().isEmpty());
    if (!waits || !pool.abort(request.getLeastSignificantBits())) {
      throw new RpcFault("No request with provided details found");
    }
  }

  /** The first half is this start's, the second counts. */
  private UUID id(Job job) {
    return new UUID(worker.getMostSignificantBits(), job.id());
  }

  private boolean isOurs(UUID id) {
    return id.getMostSignificantBits() == worker.getMostSignificantBits();
  }

  private int proof(SectorId sector) throws RpcFault {
    try {
      return pipeline
          .status(sector.number())
          .map(each -> each.record().sealProof().number())
          .orElse(0);
    } catch (IOException unreadable) {
      throw new RpcFault("the journal: " + unreadable.getMessage());
    }
  }

  private static WireSectorId wire(SectorId sector) {
    return new WireSectorId(sector.miner().value(), sector.number().value());
  }

  /** The reference's name of a task. Both halves of the commit proof are one task here. */
  public static String name(Task task) {
    return switch (task) {
      case ADD_PIECE -> "seal/v0/addpiece";
      case PRE_COMMIT_1 -> "seal/v0/precommit/1";
      case PRE_COMMIT_2 -> "seal/v0/precommit/2";
      case COMMIT -> "seal/v0/commit/2";
      case FINALIZE -> "seal/v0/finalize";
      case UNSEAL -> "seal/v0/unseal";
      case DOWNLOAD -> "seal/v0/download/sector";
    };
  }
}
