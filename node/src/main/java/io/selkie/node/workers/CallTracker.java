package io.selkie.node.workers;

import io.selkie.pipeline.SectorJournal;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that workers were given. A durable one is kept in the journal until its result is used:
 * after a restart it is waited for again, and a result that came meanwhile is not lost. The first
 * answer counts. Thread-safe.
 *
 * <p>Source: lotus storage/sealer/manager_calltracker.go, which drops results that nobody waited
 * for before a restart.
 */
final class CallTracker {

  /** Results of calls that nobody knew: of a worker that answers before its call is named. */
  static final int MAX_EARLY = 1024;

  /** Calls that are waited for at once; a pool of work never comes near. */
  static final int MAX_CALLS = 10_000;

  private static final String PREFIX = "workers/calls/";
  private static final String ABORTED = "task aborted";
  private static final Logger LOG = LoggerFactory.getLogger(CallTracker.class);

  private final SectorJournal journal;
  private final InstantSource clock;
  private final Map<Work, WorkerCall> byWork = new HashMap<>();
  private final Map<CallId, WorkerCall> byId = new LinkedHashMap<>();
  private final LinkedHashMap<CallId, CallResult> early = new LinkedHashMap<>();

  /**
   * Takes up what was under way at the last end.
   *
   * @throws IOException if the journal cannot be read or written
   */
  CallTracker(SectorJournal journal, InstantSource clock) throws IOException {
    this.journal = journal;
    this.clock = clock;
    for (Map.Entry<String, byte[]> each : journal.values(PREFIX).entrySet()) {
      Optional<WorkerCall> call = CallRecord.read(each.getValue());
      if (call.isEmpty() || !call.get().deadline().isAfter(clock.instant())) {
        LOG.warn("dropping a worker's call that is {}", call.isEmpty() ? "unreadable" : "too old");
        journal.putValue(each.getKey(), Optional.empty());
        continue;
      }
      byWork.put(call.get().work(), call.get());
      byId.put(call.get().id(), call.get());
    }
  }

  /** The call by which this very work is being done, or was and is not used yet. */
  synchronized Optional<WorkerCall> underWay(Work work) {
    return Optional.ofNullable(byWork.get(work));
  }

  /**
   * A worker has taken work on.
   *
   * @param limit after which it is given up
   * @throws IOException if that cannot be recorded; the worker does it for nothing then
   */
  synchronized WorkerCall started(
      Work work, CallId id, UUID session, String hostname, Duration limit, boolean durable)
      throws IOException {
    if (byId.size() >= MAX_CALLS) {
      throw new IOException("more than " + MAX_CALLS + " calls of workers are waited for");
    }
    Instant now = clock.instant();
    WorkerCall call =
        new WorkerCall(work, id, session, hostname, now, now.plus(limit), durable, false);
    CallResult already = early.remove(id);
    if (already != null) {
      call.end.complete(already);
    }
    keep(call);
    byWork.put(work, call);
    byId.put(id, call);
    return call;
  }

  /**
   * Waits for a call's end and forgets the call.
   *
   * @return empty if it was given up
   */
  Optional<CallResult> await(WorkerCall call) throws InterruptedException, IOException {
    long leftMs = Math.max(0, Duration.between(clock.instant(), call.deadline()).toMillis());
    Optional<CallResult> result;
    try {
      result = Optional.of(call.end.get(leftMs, TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) { // the caller is told by the empty result
      result = Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call ends with a result", e);
    }
    forget(call);
    return result;
  }

  /** A call that nobody needs any more; a late answer to it is an early one. */
  synchronized void forget(WorkerCall call) throws IOException {
    byWork.remove(call.work(), call);
    byId.remove(call.id(), call);
    if (call.isDurable()) {
      journal.putValue(key(call), Optional.empty());
    }
  }

  /**
   * A worker's answer.
   *
   * @throws RpcFault if there was one before, or it cannot be recorded: the worker should try again
   */
  synchronized void returned(CallId id, CallResult result) throws RpcFault {
    WorkerCall call = byId.get(id);
    if (call == null) {
      if (early.putIfAbsent(id, result) != null) {
        throw new RpcFault("callRes channel already has a response");
      }
      if (early.size() > MAX_EARLY) {
        early.pollFirstEntry();
      }
      return;
    }
    if (!call.end.complete(result)) {
      throw new RpcFault("result for call " + call.work() + " already reported");
    }
    try {
      keep(call);
    } catch (IOException e) {
      // Whoever waits has it; only a restart right now would lose it, and then the work is redone.
      LOG.warn("the result of {} is not on record", call, e);
    }
  }

  /** An operator ends a call; the worker carries on with what nobody waits for. */
  void abort(CallId id) throws RpcFault {
    returned(id, new CallResult.Failed(new CallError(CallResult.Failed.UNKNOWN, ABORTED)));
  }

  /** Whether a failure is an operator's wish. */
  static boolean isAbort(CallError error) {
    return error.code() == CallResult.Failed.UNKNOWN && error.message().equals(ABORTED);
  }

  /** A worker is gone: what it was given may be given to others. */
  synchronized void lost(UUID session, String why) {
    CallError error = new CallError(CallResult.Failed.TEMPORARY, why);
    for (WorkerCall call : List.copyOf(byId.values())) {
      if (call.session().equals(session) && call.end.complete(new CallResult.Failed(error))) {
        LOG.warn("{}: {}", call, why);
      }
    }
  }

  /** Every call that is waited for, the oldest first. */
  synchronized List<WorkerCall> calls() {
    return List.copyOf(byId.values());
  }

  /** The calls whose results came before anybody waited for them, and unknown ones. */
  synchronized List<String> earlyReturns() {
    return early.keySet().stream().map(WorkerCall::text).toList();
  }

  /** Work whose result is there and not used yet. */
  synchronized List<String> returnedWork() {
    List<String> all = new ArrayList<>();
    byId.values().stream().filter(each -> each.end.isDone()).forEach(each -> all.add(work(each)));
    return all;
  }

  /** Work whose result is not there yet. */
  synchronized List<String> waiting() {
    List<String> all = new ArrayList<>();
    byId.values().stream().filter(each -> !each.end.isDone()).forEach(each -> all.add(work(each)));
    return all;
  }

  /** Which call does which work. */
  synchronized Map<String, String> callToWork() {
    Map<String, String> all = new TreeMap<>();
    byId.values().forEach(each -> all.put(WorkerCall.text(each.id()), work(each)));
    return all;
  }

  private static String work(WorkerCall call) {
    return call.work().toString();
  }

  private void keep(WorkerCall call) throws IOException {
    if (call.isDurable()) {
      journal.putValue(key(call), Optional.of(CallRecord.of(call).json()));
    }
  }

  private static String key(WorkerCall call) {
    return PREFIX + call.id().id();
  }
}
