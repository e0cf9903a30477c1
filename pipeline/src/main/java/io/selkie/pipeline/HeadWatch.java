package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wakes sectors when the chain reaches the epoch they wait for. */
final class HeadWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);

  private final ChainNode chain;
  private final WorkThreads threads;

  /** Heads that were announced since the last look at the chain; above 0 somebody looks. */
  private final AtomicInteger news = new AtomicInteger();

  private final TreeMap<ChainEpoch, Set<SectorMachine>> waiting = new TreeMap<>();
  private final Map<SectorMachine, ChainEpoch> epochs = new HashMap<>();
  private @Nullable ChainEpoch seen;
  private @Nullable AutoCloseable subscription;
  private volatile boolean closed;

  HeadWatch(ChainNode chain, WorkThreads threads) {
    this.chain = chain;
    this.threads = threads;
  }

  void start() {
    subscription = chain.onHead(this::announced);
  }

  private void announced() {
    if (news.getAndIncrement() == 0) {
      SealingServices.inBackground(threads, this::follow);
    }
  }

  /** Wakes the machine at that epoch, once; at once if the chain is there already. */
  void at(ChainEpoch epoch, SectorMachine machine) {
    boolean there;
    synchronized (this) {
      there = seen != null && seen.compareTo(epoch) >= 0;
      if (!there) {
        waiting.computeIfAbsent(epoch, _ -> new LinkedHashSet<>()).add(machine);
        epochs.put(machine, epoch);
      }
    }
    if (there) {
      SealingServices.inBackground(threads, machine::wake);
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

  /** One look may serve many announcements, and there is never more than one at a time. */
  private void follow() {
    int answered;
    do {
      answered = news.get();
      try {
        look();
      } catch (RuntimeException e) {
        LOG.error("looking at the chain's head failed; the next head is another chance", e);
      }
    } while (news.addAndGet(-answered) > 0 && !closed);
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
    closed = true;
    try {
      if (subscription != null) {
        subscription.close();
      }
    } catch (Exception e) {
      LOG.warn("the chain node did not take back the head listener", e);
    }
  }
}
