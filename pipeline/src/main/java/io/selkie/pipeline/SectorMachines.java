package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorFsm.Verdict;
import io.selkie.pipeline.SectorJournal.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sectors in memory: those at work, and resting ones while somebody asks something of them. A
 * miner's two million proven sectors are rows in the journal and nothing here.
 */
final class SectorMachines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SectorMachines.class);

  /** How long the shutdown waits for handlers that were interrupted. */
  private static final Duration SHUTDOWN_WAIT = Duration.ofSeconds(10);

  private final GuardedJournal journal;
  private final WorkThreads threads;
  private final HeadWatch heads;
  private final PipelineListener listener;
  private final ConcurrentMap<SectorId, SectorMachine> machines = new ConcurrentHashMap<>();
  private @Nullable SealingServices services;

  SectorMachines(PipelineParts parts) {
    this.journal = new GuardedJournal(parts.journal(), this::journalFailed);
    this.threads = parts.threads();
    this.heads = new HeadWatch(parts.chain(), threads);
    this.listener = parts.listener();
  }

  /** Second half of the construction: handlers and machines know each other. */
  void use(SealingServices services) {
    this.services = services;
  }

  SealingServices services() {
    if (services == null) {
      throw new IllegalStateException("used before its services were set");
    }
    return services;
  }

  /** The journal that everything in this pipeline writes through. */
  GuardedJournal journal() {
    return journal;
  }

  WorkThreads threads() {
    return threads;
  }

  HeadWatch heads() {
    return heads;
  }

  /** Loads every sector that has something to do, and lets it do it. */
  void start() throws IOException {
    List<Snapshot> busy = new ArrayList<>();
    journal.forEachInStates(services().miner(), busyStates(), busy::add);
    busy.sort(Comparator.comparing(Snapshot::sector));
    heads.start();
    for (Snapshot snapshot : busy) {
      try {
        SectorMachine machine = new SectorMachine(this, snapshot);
        machines.put(snapshot.sector(), machine);
        services().input().remember(machine.record());
      } catch (UndecodableRecord e) {
        // The others must start whatever is wrong with this one.
        LOG.error("{}; it stands still", e.getMessage(), e);
      }
    }
    machines.values().forEach(SectorMachine::wake);
  }

  /** Names of the states in which a sector has something to do, always in the same order. */
  private static Set<String> busyStates() {
    return Arrays.stream(SectorState.values())
        .filter(state -> !state.isResting() && state != SectorState.Undefined)
        .map(SectorState::wireName)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** A new sector; the event is durable when this returns. */
  void create(SectorRecord fresh, SectorEvent first) {
    SectorMachine machine = new SectorMachine(this, fresh);
    if (machines.putIfAbsent(fresh.sector(), machine) != null) {
      throw new IllegalStateException("sector " + fresh.sector() + " exists already");
    }
    machine.submit(first, Optional.empty());
  }

  /**
   * Gives a sector an event; it is durable and applied when this returns.
   *
   * @return empty if there is no such sector
   */
  Optional<Verdict> submit(SectorId sector, SectorEvent event) {
    return submit(sector, event, Optional.empty());
  }

  /** As {@link #submit(SectorId, SectorEvent)}, but only in the given stay. */
  Optional<Verdict> submit(SectorId sector, SectorEvent event, Optional<Long> expectedMoves) {
    while (true) {
      Optional<SectorMachine> machine;
      try {
        machine = find(sector);
      } catch (UndecodableSector e) {
        if (expectedMoves.isEmpty()) {
          throw e;
        }
        // One of several that are told what became of their message: the others must hear of it.
        LOG.error("{} was not told of {}: {}", sector, event, e.getMessage());
        return Optional.of(Verdict.IGNORED);
      }
      if (machine.isEmpty()) {
        return Optional.empty();
      }
      Optional<Verdict> verdict = machine.get().submit(event, expectedMoves);
      if (verdict.isPresent()) {
        return verdict;
      }
      machines.remove(sector, machine.get());
      journal.check();
    }
  }

  /** The sector's machine, loaded if it is not in memory. */
  Optional<SectorMachine> find(SectorId sector) {
    SectorMachine known = machines.get(sector);
    if (known != null) {
      return Optional.of(known);
    }
    journal.check();
    // Loading happens inside: a machine that retires meanwhile must not leave us an older record.
    return Optional.ofNullable(machines.computeIfAbsent(sector, this::load));
  }

  private @Nullable SectorMachine load(SectorId sector) {
    try {
      Optional<Snapshot> row = journal.load(sector);
      return row.isPresent() ? new SectorMachine(this, row.get()) : null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + sector, e);
    } catch (UndecodableRecord e) {
      throw new UndecodableSector(e);
    }
  }

  /** The machine in memory, if there is one. */
  Optional<SectorMachine> inMemory(SectorId sector) {
    return Optional.ofNullable(machines.get(sector));
  }

  /** Whether the sector is in that stay at this moment; takes no lock of a machine. */
  boolean isIn(SectorId sector, long moves) {
    SectorMachine machine = machines.get(sector);
    return machine != null && machine.isIn(moves);
  }

  void retire(SectorMachine machine) {
    machines.remove(machine.sector(), machine);
  }

  void recorded(SectorRecord before, SectorRecord after, SectorEvent event) {
    services().input().moved(after);
    services().preCommits().moved(after);
    services().commits().moved(after);
    services().terminations().moved(after);
    services().imports().moved(after);
    SealingReports.report(before, after, event, this);
    listener.recorded(after.sector(), before.state(), after.state(), event);
  }

  /** A sector stands still until somebody helps it. */
  void stands(SectorRecord sector, String why) {
    services().input().stands(sector.sector(), why);
  }

  StateHandler handlerOf(SectorRecord record) {
    return record.knownState().map(HandlerTable::of).orElse((_, _) -> new Outcome.Rest());
  }

  /** Nothing can be made durable any more: whatever is at work is told to end. */
  private void journalFailed(IOException cause) {
    listener.journalFailed(cause);
    // Not here: whoever wrote holds the lock of its machine.
    SealingServices.inBackground(
        threads,
        () -> {
          for (SectorMachine machine : machines.values()) {
            Optional<WorkThreads.Run> _ = machine.stop();
          }
        });
  }

  @Override
  public void close() {
    journal.shut();
    heads.close();
    List<WorkThreads.Run> runs = new ArrayList<>();
    machines.values().forEach(machine -> machine.stop().ifPresent(runs::add));
    long deadline = System.nanoTime() + SHUTDOWN_WAIT.toNanos();
    for (WorkThreads.Run run : runs) {
      try {
        long leftMs = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        if (!run.join(Duration.ofMillis(leftMs))) {
          LOG.warn("a handler did not end within {}", SHUTDOWN_WAIT);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
