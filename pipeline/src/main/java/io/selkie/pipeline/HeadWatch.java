package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wakes sectors when the chain reaches the epoch they wait for. */
final class HeadWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);

  private final ChainNode chain;
  private final Semaphore news = new Semaphore(0);
  private final TreeMap<ChainEpoch, Set<SectorMachine>> waiting = new TreeMap<>();
  private final Map<SectorMachine, ChainEpoch> epochs = new HashMap<>();
  private @Nullable ChainEpoch seen;
  private @Nullable AutoCloseable subscription;
  private @Nullable Thread thread;

  HeadWatch(ChainNode chain) {
    this.chain = chain;
  }

  void start() {
    subscription = chain.onHead(news::release);
    thread = Thread.ofVirtual().name("sector-heads").start(this::follow);
  }

  /** Wakes the machine at that epoch, once; at once if the chain is there already. */
  void at(ChainEpoch epoch, SectorMachine machine) {
    boolean there;
    synchronized (this) {
      there = seen != null && seen.compareTo(epoch) >= 0;
      if (!there) {
        waiting.computeIfAbsent(epoch, _ -> new HashSet<>()).add(machine);
        epochs.put(machine, epoch);
      }
    }
    if (there) {
      Thread.ofVirtual().start(machine::wake);
    }
  }

  synchronized void forget(SectorMachine machine) {
    ChainEpoch epoch = epochs.remove(machine);
    Set<SectorMachine> others = epoch == null ? null : waiting.get(epoch);
    if (others != null) {
      others.remove(machine);
      if (others.isEmpty()) {
        waiting.remove(epoch);
      }
    }
  }

  private void follow() {
    try {
      while (true) {
        news.acquire();
        news.drainPermits();
        look();
      }
    } catch (InterruptedException e) {
      LOG.debug("no longer following the chain's heads", e);
    }
  }

  private void look() {
    ChainEpoch height;
    try {
      height = chain.head().height();
    } catch (ChainFault e) {
      LOG.warn("cannot read the chain's head: {}", e.getMessage());
      return;
    }
    List<SectorMachine> due = new ArrayList<>();
    synchronized (this) {
      seen = height;
      Map<ChainEpoch, Set<SectorMachine>> reached = waiting.headMap(height, true);
      reached.values().forEach(due::addAll);
      reached.clear();
      due.forEach(epochs::remove);
    }
    due.forEach(SectorMachine::wake);
  }

  @Override
  public void close() {
    try {
      if (subscription != null) {
        subscription.close();
      }
    } catch (Exception e) {
      LOG.warn("the chain node did not take back the head listener", e);
    }
    if (thread != null) {
      thread.interrupt();
    }
  }
}
