package io.selkie.testkit;

import io.selkie.pipeline.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** A clock that stands still until it is told to go; alarms go off while it is moved. */
public final class ManualClock implements Timekeeper {

  private record Set(Instant at, long order, Runnable action) implements Comparable<Set> {
    @Override
    public int compareTo(Set other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Set> alarms = new PriorityQueue<>();
  private Instant now;
  private long order;

  /** A clock that shows {@code now}. */
  public ManualClock(Instant now) {
    this.now = now;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public Alarm at(Instant at, Runnable action) {
    synchronized (this) {
      if (at.isAfter(now)) {
        Set set = new Set(at, order++, action);
        alarms.add(set);
        return () -> cancel(set);
      }
    }
    Thread.startVirtualThread(action);
    return () -> {};
  }

  /** Moves on; alarms that come due go off in order, on this thread. */
  public void advance(Duration by) {
    List<Set> due = new ArrayList<>();
    synchronized (this) {
      now = now.plus(by);
      while (!alarms.isEmpty() && !alarms.peek().at().isAfter(now)) {
        due.add(alarms.remove());
      }
    }
    due.forEach(set -> set.action().run());
  }

  /** How many alarms are set. */
  public synchronized int alarmCount() {
    return alarms.size();
  }

  private synchronized void cancel(Set set) {
    alarms.remove(set);
  }

  /** Forgets all alarms. */
  @Override
  public synchronized void close() {
    alarms.clear();
  }
}
