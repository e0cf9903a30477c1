package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorFsm.Step;
import io.selkie.pipeline.SectorFsm.Verdict;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sector at work. Events come in from anywhere; each is decided, appended to the journal,
 * applied, and only then acted upon. At most one handler runs, on a thread of its own that exists
 * only while it runs.
 *
 * <p>The lock is held while an event is decided and made durable, never while a handler runs. A
 * handler's thread is interrupted only while it is the current one, so nothing that writes the
 * journal is ever interrupted.
 */
final class SectorMachine {

  private static final Logger LOG = LoggerFactory.getLogger(SectorMachine.class);

  /** A handler at work; whatever it ends with counts only while it is the current one. */
  private static final class Run {
    private WorkThreads.@Nullable Run thread;
  }

  private static final String LOOKS_AGAIN = "stands still, and looks again then";

  private final SectorId sector;
  private final SectorMachines machines;
  private final ReentrantLock lock = new ReentrantLock();

  /** Written under the lock; read without it by {@link #isIn}. */
  private volatile SectorRecord record;

  private long sequence;
  private Optional<Timer> timer;
  private @Nullable Run current;
  private WorkThreads.@Nullable Run last;
  private Timekeeper.@Nullable Alarm alarm;
  private int faults;
  private volatile boolean retired;

  SectorMachine(SectorMachines machines, Snapshot snapshot) throws UndecodableRecord {
    this.sector = snapshot.sector();
    this.machines = machines;
    this.record = RecordCodec.decode(snapshot);
    this.sequence = snapshot.sequence();
    this.timer = snapshot.timer();
  }

  SectorMachine(SectorMachines machines, SectorRecord fresh) {
    this.sector = fresh.sector();
    this.machines = machines;
    this.record = fresh;
    this.sequence = 0;
    this.timer = Optional.empty();
  }

  SectorId sector() {
    return sector;
  }

  SectorRecord record() {
    lock.lock();
    try {
      return record;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is in its {@code moves}-th stay; takes no lock. */
  boolean isIn(long moves) {
    return !retired && record.moves() == moves;
  }

  Optional<Timer> timer() {
    lock.lock();
    try {
      return timer;
    } finally {
      lock.unlock();
    }
  }

  /** Whether its handler runs at this moment. */
  boolean isRunning() {
    lock.lock();
    try {
      return current != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes an event from outside the sector's own handler.
   *
   * @param expected if present, the event is dropped unless the sector is in its {@code moves}-th
   *     stay
   * @return empty if this machine is retired and a new one must be looked up, or the event was
   *     dropped
   */
  Optional<Verdict> submit(SectorEvent event, Optional<Long> expected) {
    lock.lock();
    try {
      if (retired) {
        return Optional.empty();
      }
      if (expected.isPresent() && expected.get() != record.moves()) {
        return Optional.of(Verdict.IGNORED);
      }
      Verdict verdict = take(event);
      if (verdict == Verdict.MOVED || verdict == Verdict.RERUN) {
        start();
      } else if (current == null) {
        rest();
      }
      return Optional.of(verdict);
    } finally {
      lock.unlock();
    }
  }

  /** Runs the handler of its state, if none is running: after a start, or when a timer fired. */
  void wake() {
    lock.lock();
    try {
      if (!retired && current == null) {
        start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts the handler and takes no more events; for the shutdown. */
  Optional<WorkThreads.Run> stop() {
    lock.lock();
    try {
      retired = true;
      cancelAlarm();
      interrupt();
      return Optional.ofNullable(last);
    } finally {
      lock.unlock();
    }
  }

  private Verdict take(SectorEvent event) {
    SectorRecord before = record;
    Instant now = machines.services().clock().instant();
    Step step = SectorFsm.next(before, event, now);
    boolean moved = step.verdict() == Verdict.MOVED;
    append(step, JournalRepair.payload(step, event), now, moved ? Optional.empty() : timer);
    if (moved) {
      faults = 0;
    }
    if (!step.log().isEmpty()) {
      machines.recorded(before, record, event);
    }
    return step.verdict();
  }

  private void append(Step step, byte[] payload, Instant now, Optional<Timer> nextTimer) {
    if (!step.log().isEmpty()) {
      List<Entry> entries = JournalRepair.entries(step, sequence, payload, now, nextTimer);
      try {
        machines.journal().append(entries);
      } catch (IOException e) {
        throw new JournalFailure(e);
      }
      sequence += entries.size();
    }
    record = step.record();
    timer = nextTimer;
  }

  private void start() {
    cancelAlarm();
    interrupt();
    if (!machines.journal().isWritable()) {
      // What a handler did now could not be recorded, and would be done again.
      return;
    }
    Run run = new Run();
    SectorRecord input = record;
    // It cannot end before it is known here: its end needs the lock that is held now.
    run.thread = machines.threads().start("sector " + sector, last, () -> runHandler(run, input));
    current = run;
    last = run.thread;
  }

  private void interrupt() {
    Run run = current;
    current = null;
    if (run != null && run.thread != null) {
      run.thread.interrupt();
    }
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
    machines.heads().forget(this);
  }

  private void runHandler(Run run, SectorRecord input) {
    SealingServices services = machines.services();
    Outcome outcome;
    try {
      if (machines.threads().interrupted() || !machines.journal().isWritable()) {
        return;
      }
      outcome = machines.handlerOf(input).run(input, services);
    } catch (InterruptedException e) {
      // Interrupted means: no longer the current run, or the process ends.
      LOG.debug("{}: handler of {} interrupted", sector, input.state(), e);
      return;
    } catch (ChainFault e) {
      outcome = new Outcome.TryAgain("chain: " + e.getMessage());
    } catch (SealFault e) {
      outcome = new Outcome.TryAgain(e.kind() + ": " + e.getMessage());
    } catch (RuntimeException | Error e) {
      ending(() -> panic(run, e));
      return;
    }
    Outcome ended = outcome;
    ending(() -> finish(run, ended));
  }

  private void ending(Runnable end) {
    try {
      end.run();
    } catch (JournalFailure e) {
      LOG.warn("{}: stands still: {}", sector, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{}: how its handler ended could not be recorded; it stands still", sector, e);
    }
  }

  private void finish(Run run, Outcome outcome) {
    lock.lock();
    try {
      if (current != run || retired) {
        return;
      }
      current = null;
      // From here on nobody interrupts this thread; forget an interrupt that came just before.
      machines.threads().interrupted();
      switch (outcome) {
        case Outcome.Emit emit -> {
          Verdict verdict = take(emit.event());
          switch (verdict) {
            case MOVED, RERUN -> {
              emit.applied().run();
              start();
            }
            case NOTED, IGNORED, REFUSED ->
                park("the handler of " + record.state() + " ended with " + emit.event());
          }
        }
        case Outcome.WaitUntil wait -> {
          faults = 0;
          arm(wait);
        }
        case Outcome.TryAgain again -> tryAgain(again);
        case Outcome.Park park -> park(park.reason(), park.lookAgain());
        case Outcome.Rest _ -> rest();
      }
    } finally {
      lock.unlock();
    }
  }

  private void panic(Run run, Throwable cause) {
    lock.lock();
    try {
      if (current != run || retired) {
        LOG.debug("{}: an abandoned handler failed", sector, cause);
        return;
      }
      LOG.error("{}: handler failed", sector, cause);
      current = null;
      machines.threads().interrupted();
      Instant now = machines.services().clock().instant();
      StringWriter trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace));
      String reason = "handler of " + record.state() + " failed: " + cause;
      LogLine line = SectorLog.ofPanic(reason, trace.toString(), now);
      append(
          SectorFsm.stop(record, line, reason),
          RecordCodec.encodeStop(reason),
          now,
          Optional.empty());
      machines.stands(record, reason);
    } finally {
      lock.unlock();
    }
  }

  private void park(String reason) {
    park(reason, Optional.empty());
  }

  private void park(String reason, Optional<Duration> lookAgain) {
    Instant now = machines.services().clock().instant();
    Optional<Timer> next =
        lookAgain.map(after -> new Timer(now.plus(after), Optional.empty(), LOOKS_AGAIN));
    LogLine line = SectorLog.ofError(SectorLog.PLAIN_ERROR, reason, now);
    Step step = SectorFsm.stop(record, line, reason);
    if (!step.log().isEmpty()) {
      LOG.warn("{}: stands in {}: {}", sector, record.state(), reason);
      append(step, RecordCodec.encodeStop(reason), now, next);
    }
    next.ifPresent(t -> arm(new Outcome.WaitUntil(t.at(), Optional.empty(), t.reason())));
    machines.stands(record, reason);
  }

  private void tryAgain(Outcome.TryAgain again) {
    SealingServices services = machines.services();
    RetryPolicy policy = again.pauses().orElseGet(() -> services.config().retry().chain());
    String reason = again.reason();
    faults++;
    if (faults >= policy.budget()) {
      park(reason + " (gave up after " + faults + " tries)");
      return;
    }
    arm(
        new Outcome.WaitUntil(
            services.after(services.pause(policy, faults)),
            Optional.empty(),
            reason + " (try " + faults + ")"));
  }

  private void arm(Outcome.WaitUntil wait) {
    Optional<ChainEpoch> epoch = wait.epoch();
    Timer next = new Timer(wait.at(), epoch, wait.reason());
    // A wait that only moves on with the head is not written again for every head.
    boolean known = timer.map(old -> old.reason().equals(next.reason())).orElse(false);
    if (!known || (epoch.isEmpty() && !timer.equals(Optional.of(next)))) {
      try {
        machines.journal().setTimer(sector, Optional.of(next));
      } catch (IOException e) {
        throw new JournalFailure(e);
      }
    }
    timer = Optional.of(next);
    alarm = machines.services().clock().at(wait.at(), this::wake);
    epoch.ifPresent(e -> machines.heads().at(e, this));
  }

  private void rest() {
    if (record.knownState().map(SectorState::isResting).orElse(false)) {
      retired = true;
      machines.retire(this);
    }
  }
}
