package io.selkie.node.workers;

import io.selkie.abi.SectorId;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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

  /** Bytes of such results; the one that came last is kept whatever it takes. */
  static final long MAX_EARLY_BYTES = 64L << 20;

  /** Calls that ended lately, whose late answers nobody needs. */
  static final int MAX_ENDED = 1024;

  /** How long a call whose limit is over, and a result that came, is kept for who may want it. */
  static final Duration KEPT = Duration.ofDays(7);

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
  private final LinkedHashSet<CallId> ended = new LinkedHashSet<>();
  private long earlyBytes;

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
      if (call.isEmpty() || isOver(call.get())) {
        LOG.warn("dropping a worker's call that is {}", call.isEmpty() ? "unreadable" : "too old");
        journal.putValue(each.getKey(), Optional.empty());
        continue;
      }
      byWork.put(call.get().work(), call.get());
      byId.put(call.get().id(), call.get());
    }
  }

  /** Whether nobody will want the call any more: it is late, or its result has lain for long. */
  private boolean isOver(WorkerCall call) {
    Duration more = call.end.isDone() ? KEPT : Duration.ZERO;
    return !call.deadline().plus(more).isAfter(clock.instant());
  }

  /** The call by which this very work is being done, or was and is not used yet. */
  synchronized Optional<WorkerCall> underWay(Work work) {
    return Optional.ofNullable(byWork.get(work));
  }

  /**
   * A worker has taken work on.
   *
   * @param limit after which it is given up
   * @throws RpcFault if the name is not one for this work; the worker does it for nothing then
   * @throws IOException if that cannot be recorded, likewise
   */
  synchronized WorkerCall started(
      Work work, CallId id, UUID session, String hostname, Duration limit, boolean durable)
      throws IOException, RpcFault {
    requireOwnName(work, id);
    letGoOfOld();
    if (byId.size() >= MAX_CALLS) {
      throw new IOException("more than " + MAX_CALLS + " calls of workers are waited for");
    }
    Instant now = clock.instant();
    WorkerCall call =
        new WorkerCall(work, id, session, hostname, now, now.plus(limit), durable, false);
    CallResult already = early.get(id);
    keep(call, already);
    if (already != null) {
      forgetEarly(id);
      call.end.complete(already);
    }
    byWork.put(work, call);
    byId.put(id, call);
    return call;
  }

  /** A name of another sector is not found again after a restart; another's takes its result. */
  private void requireOwnName(Work work, CallId id) throws RpcFault {
    SectorId sector = work.sector();
    if (id.sector().miner() != sector.miner().value()
        || id.sector().number() != sector.number().value()) {
      throw new RpcFault("it calls the work on " + sector + " " + WorkerCall.text(id));
    }
    if (byId.containsKey(id) || ended.contains(id)) {
      throw new RpcFault("it gives its call the name of another, " + WorkerCall.text(id));
    }
  }

  /** Calls that nobody waited for in time, of sectors that went another way. */
  private void letGoOfOld() throws IOException {
    Instant past = clock.instant().minus(KEPT);
    for (WorkerCall each : List.copyOf(byId.values())) {
      if (each.deadline().isBefore(past)) {
        forget(each);
      }
    }
  }

  private void forgetEarly(CallId id) {
    CallResult gone = early.remove(id);
    earlyBytes -= gone == null ? 0 : gone.size();
  }

  /**
   * Waits for a call's end and forgets the call.
   *
   * @return empty if it was given up
   */
  Optional<CallResult> await(WorkerCall call) throws InterruptedException, IOException {
    Optional<CallResult> result = end(call);
    if (result.isPresent()) {
      forget(call);
    }
    return result;
  }

  /**
   * As {@link #await}, but a call that has ended is kept until it is forgotten: after a restart its
   * result is there once more.
   */
  Optional<CallResult> end(WorkerCall call) throws InterruptedException, IOException {
    long leftMs = Math.max(0, Duration.between(clock.instant(), call.deadline()).toMillis());
    try {
      return Optional.of(call.end.get(leftMs, TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) { // the caller is told by the empty result
      return giveUp(call);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call ends with a result", e);
    } catch (InterruptedException e) {
      if (!call.isDurable()) {
        // Nobody will ask for it again.
        forget(call);
      }
      throw e;
    }
  }

  /** Forgets a call that is late; a result that came at the last moment was promised to be used. */
  private synchronized Optional<CallResult> giveUp(WorkerCall call) throws IOException {
    forget(call);
    return Optional.ofNullable(call.end.getNow(null));
  }

  /** A call that nobody needs any more; a late answer to it is taken and dropped. */
  synchronized void forget(WorkerCall call) throws IOException {
    byWork.remove(call.work(), call);
    if (byId.remove(call.id(), call)) {
      ended.add(call.id());
      if (ended.size() > MAX_ENDED) {
        ended.removeFirst();
      }
    }
    if (call.isDurable()) {
      journal.putValue(key(call), Optional.empty());
    }
  }

  /**
   * A worker's answer, on record before the worker is told that it is taken.
   *
   * @throws RpcFault if there was one before, or it cannot be recorded: the worker should try again
   */
  synchronized void returned(CallId id, CallResult result) throws RpcFault {
    WorkerCall call = byId.get(id);
    if (call == null) {
      early(id, result);
      return;
    }
    if (call.end.isDone()) {
      throw new RpcFault("result for call " + call.work() + " already reported");
    }
    try {
      keep(call, result);
    } catch (IOException e) {
      throw new RpcFault("the result of " + call + " cannot be recorded: " + e.getMessage());
    }
    call.end.complete(result);
  }

  private void early(CallId id, CallResult result) throws RpcFault {
    if (ended.contains(id)) {
      // Whoever was not heard says it again, and is told that it may stop.
      LOG.info("a late answer of {} is not needed", WorkerCall.text(id));
      return;
    }
    if (early.putIfAbsent(id, result) != null) {
      throw new RpcFault("callRes channel already has a response");
    }
    earlyBytes += result.size();
    while (early.size() > MAX_EARLY || (earlyBytes > MAX_EARLY_BYTES && early.size() > 1)) {
      forgetEarly(early.firstEntry().getKey());
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
    for (WorkerCall call : List.copyOf(byId.values())) {
      if (call.session().equals(session)) {
        lost(call, why);
      }
    }
  }

  /** As the other one, for one call. */
  synchronized void lost(WorkerCall call, String why) {
    if (call.end.isDone()) {
      return;
    }
    CallResult failed = new CallResult.Failed(new CallError(CallResult.Failed.TEMPORARY, why));
    try {
      keep(call, failed);
    } catch (IOException e) {
      // Whoever waits is told; after a restart right now it would be waited for until its limit.
      LOG.warn("the end of {} is not on record", call, e);
    }
    call.end.complete(failed);
    LOG.warn("{}: {}", call, why);
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

  private void keep(WorkerCall call, @Nullable CallResult end) throws IOException {
    if (call.isDurable()) {
      journal.putValue(key(call), Optional.of(CallRecord.of(call, end).json()));
    }
  }

  private static String key(WorkerCall call) {
    return PREFIX + call.id().id();
  }
}
