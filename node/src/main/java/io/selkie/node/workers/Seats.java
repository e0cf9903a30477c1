package io.selkie.node.workers;

import io.selkie.abi.RegisteredSealProof;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker was given and has not returned. Kept by its session, so that what it still does
 * from before a restart of the node counts as soon as it is back. Thread-safe.
 */
final class Seats {

  /** A task that is at work. */
  record Taken(long number, TaskType task, RegisteredSealProof proof) {}

  private final List<Taken> taken = new ArrayList<>();
  private long count;

  /** One of them. */
  final class Seat implements AutoCloseable {
    private final Taken mine;

    private Seat(Taken mine) {
      this.mine = mine;
    }

    @Override
    public void close() {
      leave(mine);
    }
  }

  /** Takes one, whether there is room or not. */
  synchronized Seat take(TaskType task, RegisteredSealProof proof) {
    Taken mine = new Taken(count++, task, proof);
    taken.add(mine);
    return new Seat(mine);
  }

  private synchronized void leave(Taken mine) {
    taken.remove(mine);
  }

  /** Everything that is at work. */
  synchronized List<Taken> list() {
    return List.copyOf(taken);
  }
}
