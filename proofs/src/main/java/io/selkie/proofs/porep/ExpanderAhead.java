package io.selkie.proofs.porep;

import io.selkie.proofs.graph.StackedGraph;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A second thread that gathers the expander parents of a later layer ahead of the one that hashes.
 *
 * <p>They lie all over the layer before, which is final: the cache misses happen here, and the
 * hashing thread reads slots in sequence. A few buffers go round between the two, so memory is
 * bounded and neither is far ahead.
 */
final class ExpanderAhead implements AutoCloseable {

  /** Nodes in a buffer: its 256 KiB pass through the caches, and handing over costs little. */
  static final int NODES = 512;

  /** One being filled, one being read, two between. */
  private static final int BUFFERS = 4;

  /** Handed over last when gathering failed: no slots. */
  private static final byte[] FAILED = new byte[0];

  private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<byte[]> full = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final MemorySegment rows;
  private final MemorySegment previous;
  private final long nodes;
  private final Thread thread;
  private volatile @Nullable Throwable failure;

  /** Where the thread leaves what it read only to bring it near. */
  volatile long sink;

  private ExpanderAhead(
      String name, MemorySegment rows, MemorySegment previous, byte[][] buffers, long nodes) {
    this.rows = rows;
    this.previous = previous;
    this.nodes = nodes;
    for (byte[] buffer : buffers) {
      empty.add(buffer);
    }
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /**
   * Begins to gather from node 0 on.
   *
   * @param rows the graph's parents
   * @param previous the layer before, final; must stay mapped until this is closed
   * @param nodes of the layer, a multiple of {@link #NODES}
   */
  static ExpanderAhead start(
      byte[] replicaId, int layer, MemorySegment rows, MemorySegment previous, long nodes) {
    byte[][] buffers = new byte[BUFFERS][];
    for (int i = 0; i < BUFFERS; i++) {
      buffers[i] = LabelWorkspace.slots(replicaId, layer, NODES);
    }
    ExpanderAhead ahead =
        new ExpanderAhead("layer-" + layer + "-parents", rows, previous, buffers, nodes);
    ahead.thread.start();
    return ahead;
  }

  /**
   * The slots of the next {@link #NODES} nodes, to be given back by {@link #release}.
   *
   * @throws InterruptedException if the thread is interrupted while waiting
   * @throws IllegalStateException if gathering failed, with its cause
   */
  byte[] next() throws InterruptedException {
    byte[] slots = full.take();
    if (slots.length == 0) {
      throw new IllegalStateException("gathering expander parents failed", failure);
    }
    return slots;
  }

  /** Gives slots back once they are hashed. */
  void release(byte[] slots) {
    empty.add(slots);
  }

  private void run() {
    int[] parents = new int[LabelKernel.BATCH * StackedGraph.DEGREE];
    try {
      for (long from = 0; from < nodes; from += NODES) {
        byte[] slots = empty.take();
        long read = 0;
        for (int i = 0; i < NODES; i += LabelKernel.BATCH) {
          read ^=
              LabelKernel.gather(parents, slots, i, rows, previous, from + i, LabelKernel.BATCH);
        }
        sink = read;
        full.add(slots);
      }
    } catch (InterruptedException e) {
      full.clear(); // close() asks the thread to end; nobody waits for more
    } catch (Throwable e) { // carried to the hashing thread, which throws it on
      failure = e;
      full.add(FAILED);
    }
  }

  /** Ends the thread and waits for it, whatever happens: it reads memory about to be unmapped. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
