package io.selkie.node.workers.program;

import io.selkie.pipeline.SealFault;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerReturnsApi;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does calls on threads of their own and returns their results, over and over until the node has
 * taken them. A call for a sector ends an earlier one of its kind, whose caller is gone; data
 * without a sector is as many as there are. Thread-safe.
 */
final class CallDesk implements AutoCloseable {

  /** Between two tries to return a result. */
  static final Duration RETRY = Duration.ofSeconds(5);

  /** Calls at once; the node gives out far fewer. */
  static final int MAX_CALLS = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);

  /** Work, and how its result is returned. */
  @FunctionalInterface
  interface Job {
    Result run() throws SealFault;
  }

  /** Returns a result. */
  @FunctionalInterface
  interface Result {
    void to(WorkerReturnsApi node, CallId call) throws RpcFault, InterruptedException;
  }

  /** Holds calls up, for tests of recovery. */
  @FunctionalInterface
  interface Gate {
    void pass(ReturnKind kind) throws InterruptedException;
  }

  private record Running(WireSectorId sector, ReturnKind kind, Thread thread) {}

  private final WorkerReturnsApi node;
  private final CallJournal journal;
  private final IndexMirror mirror;
  private final String hostname;
  private final Gate gate;
  private final Duration retry;
  private final Map<UUID, Running> running = new HashMap<>();

  CallDesk(
      WorkerReturnsApi node, CallJournal journal, IndexMirror mirror, String hostname, Gate gate) {
    this(node, journal, mirror, hostname, gate, RETRY);
  }

  CallDesk(
      WorkerReturnsApi node,
      CallJournal journal,
      IndexMirror mirror,
      String hostname,
      Gate gate,
      Duration retry) {
    this.gate = gate;
    this.retry = retry;
    this.node = node;
    this.journal = journal;
    this.mirror = mirror;
    this.hostname = hostname;
  }

  /** Tells the node that nothing is known any more of what an earlier run had taken on. */
  void returnUnfinished() throws IOException {
    journal
        .unfinished()
        .forEach((call, kind) -> {
          CallError error = new CallError(101, "worker [Hostname: " + hostname + "] restarted");
          Thread.ofVirtual()
              .name("return-" + call.id())
              .start(() -> deliver(call, (to, id) -> kind.fail(to, id, error)));
        });
  }

  /**
   * Takes a call on.
   *
   * @throws RpcFault if it cannot be recorded, or there are too many
   */
  CallId begin(WireSectorId sector, ReturnKind kind, Job job) throws RpcFault {
    CallId call = new CallId(sector, UUID.randomUUID());
    synchronized (running) {
      if (running.size() >= MAX_CALLS) {
        throw new RpcFault("this worker does " + MAX_CALLS + " calls already");
      }
      try {
        journal.begin(call, kind);
      } catch (IOException e) {
        throw new RpcFault("the call cannot be recorded: " + e.getMessage());
      }
      if (kind != ReturnKind.DATA_CID) {
        for (Running each : List.copyOf(running.values())) {
          if (each.sector.equals(sector) && each.kind == kind) {
            each.thread.interrupt();
          }
        }
      }
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .name(kind + " " + sector.number())
              .unstarted(() -> run(call, kind, job));
      running.put(call.id(), new Running(sector, kind, thread));
      thread.start();
    }
    return call;
  }

  private void run(CallId call, ReturnKind kind, Job job) {
    Result result;
    try {
      gate.pass(kind);
      result = job.run();
    } catch (InterruptedException _) { // an earlier call of its kind gives way, or the worker stops
      CallError error = new CallError(100, kind + " gave way to another call");
      result = (to, id) -> kind.fail(to, id, error);
    } catch (SealFault fault) {
      LOG.warn("{} of sector {} failed", kind, call.sector().number(), fault);
      CallError error = error(fault);
      result = (to, id) -> kind.fail(to, id, error);
    } catch (RuntimeException | Error bug) {
      LOG.error("{} of sector {} crashed", kind, call.sector().number(), bug);
      CallError error = new CallError(0, bug + " [Hostname: " + hostname + "]");
      result = (to, id) -> kind.fail(to, id, error);
    }
    // An interrupt that came too late must not keep the result.
    boolean _ = Thread.interrupted();
    deliver(call, result);
    synchronized (running) {
      running.remove(call.id());
      running.notifyAll();
    }
  }

  private CallError error(SealFault fault) {
    long code =
        switch (fault.kind()) {
          case NO_SPACE -> 102;
          case UNREACHABLE, CANCELLED, IO -> 100;
          case MISSING_FILE, DAMAGED_FILE, BAD_REQUEST -> 0;
        };
    return new CallError(
        code, fault.kind() + ": " + fault.getMessage() + " [Hostname: " + hostname + "]");
  }

  private void deliver(CallId call, Result result) {
    try {
      while (true) {
        try {
          // The node looks for the files in its index as soon as it has the result.
          mirror.flush();
          result.to(node, call);
          break;
        } catch (RpcFault refused) {
          if (isThere(refused)) {
            LOG.info("result of {} was taken before: {}", call.id(), refused.text());
            break;
          }
          LOG.warn("result of {} cannot be returned now: {}", call.id(), refused.text());
          Thread.sleep(retry);
        }
      }
      journal.end(call);
    } catch (InterruptedException _) { // the worker stops; the next run says that it did
      LOG.info("result of {} is not returned", call.id());
    }
  }

  /**
   * Whether the node has a result of the call, by its text and the reference's (lotus
   * storage/sealer/manager_calltracker.go, returnResult). Anything else, a journal that cannot be
   * written or a token that ran out, may pass, and the work of hours must not be lost by it.
   */
  private static boolean isThere(RpcFault refused) {
    return refused.code() == RpcFault.ORDINARY
        && (refused.text().endsWith("already reported")
            || refused.text().endsWith("already has a response"));
  }

  /** Waits until nothing is at work and everything is returned. */
  void awaitQuiet() throws InterruptedException {
    synchronized (running) {
      while (!running.isEmpty()) {
        running.wait();
      }
    }
  }

  /** Ends what is at work; the next run tells the node. */
  @Override
  public void close() {
    synchronized (running) {
      running.values().forEach(each -> each.thread.interrupt());
    }
  }
}
