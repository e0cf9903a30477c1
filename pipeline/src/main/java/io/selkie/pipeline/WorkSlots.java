package io.selkie.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/** So many at once; who is urgent goes first, and among equals who came first. */
final class WorkSlots {

  private final Deque<CountDownLatch> urgent = new ArrayDeque<>();
  private final Deque<CountDownLatch> others = new ArrayDeque<>();
  private int count;
  private int used;

  WorkSlots(int count) {
    this.count = count;
  }

  void acquire(boolean isUrgent) throws InterruptedException {
    CountDownLatch turn = new CountDownLatch(1);
    synchronized (this) {
      if (used < count) {
        used++;
        return;
      }
      (isUrgent ? urgent : others).add(turn);
    }
    try {
      turn.await();
    } catch (InterruptedException e) {
      leave(turn);
      throw e;
    }
  }

  synchronized void release() {
    used--;
    admit();
  }

  /** Makes them more or fewer; who works goes on all the same. */
  synchronized void resize(int next) {
    count = next;
    admit();
  }

  synchronized int count() {
    return count;
  }

  private void admit() {
    while (used < count) {
      CountDownLatch next = urgent.isEmpty() ? others.poll() : urgent.poll();
      if (next == null) {
        return;
      }
      used++;
      next.countDown();
    }
  }

  synchronized int waiting() {
    return urgent.size() + others.size();
  }

  private synchronized void leave(CountDownLatch turn) {
    boolean waited = urgent.remove(turn) || others.remove(turn);
    if (!waited) {
      // Its turn came at the same moment: the next one gets it.
      release();
    }
  }
}
