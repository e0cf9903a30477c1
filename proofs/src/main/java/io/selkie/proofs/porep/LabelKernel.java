package io.selkie.proofs.porep;

import static io.selkie.proofs.graph.ParentsCache.ROW_BYTES;
import static io.selkie.proofs.graph.StackedGraph.BASE_DEGREE;
import static io.selkie.proofs.graph.StackedGraph.DEGREE;
import static io.selkie.proofs.graph.StackedGraph.EXPANDER_DEGREE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;

/**
 * Labels of a stretch of a layer, one after the other: each hashes the label before it.
 *
 * <p>The preimage is a head of 64 bytes and 37 parents. It is never laid out whole. What repeats
 * lies in a slot once and is given to the hash again, always at the start of a block:
 *
 * <pre>
 *   layer 1       head | 18 nodes (6 base parents, three times) || the 18 again || the first again
 *   later layers  head | 14 nodes (6 base, 8 expander parents)  || the 14 again || the first 9 again
 * </pre>
 *
 * <p>Nodes go in batches. First one word of every parent of the batch is read: these loads depend
 * on nothing, so the processor keeps many cache misses under way at once. Then the expander
 * parents, final since the layer before, are copied to the batch's slots. The base parents are
 * copied node by node as some are labelled within the batch. Nodes are 32 little-endian bytes; head
 * fields are big-endian.
 */
final class LabelKernel {

  static final int NODE_BYTES = 32;
  static final int HEAD_BYTES = 64;

  /** Where the node number stands in the head, behind replica id and layer. */
  static final int HEAD_NODE = 36;

  /** Nodes whose parents are gathered together: few enough that they stay in the first caches. */
  static final int BATCH = 64;

  static final int FIRST_RUN = 3 * BASE_DEGREE * NODE_BYTES;
  static final int LATER_RUN = DEGREE * NODE_BYTES;
  static final int LATER_TAIL = 9 * NODE_BYTES;
  static final int SLOT_BYTES = HEAD_BYTES + LATER_RUN;

  private static final ValueLayout.OfInt PARENT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle NUMBER =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private LabelKernel() {}

  /**
   * Labels the nodes {@code from} to {@code to - 1} of layer 1.
   *
   * @param rows the graph's parents
   * @param layer the layer, final below {@code from}
   */
  static void first(LabelWorkspace w, MemorySegment rows, MemorySegment layer, long from, long to)
      throws DigestException {
    byte[] slot = w.slots;
    int[] parents = w.parents;
    long node = from;
    if (node == 0) {
      nodeZero(w, layer);
      node++;
    }
    while (node < to) {
      int count = (int) Math.min(BATCH, to - node);
      MemorySegment.copy(rows, PARENT, node * ROW_BYTES, parents, 0, count * DEGREE);
      w.sink = touch(parents, count, 0, BASE_DEGREE, layer);
      for (int row = 0; row < count * DEGREE; row += DEGREE) {
        NUMBER.set(slot, HEAD_NODE, node);
        copy(parents, row, BASE_DEGREE, layer, slot, HEAD_BYTES);
        int run = BASE_DEGREE * NODE_BYTES;
        System.arraycopy(slot, HEAD_BYTES, slot, HEAD_BYTES + run, run);
        System.arraycopy(slot, HEAD_BYTES, slot, HEAD_BYTES + 2 * run, run);
        w.sha256.update(slot, 0, HEAD_BYTES + FIRST_RUN);
        w.sha256.update(slot, HEAD_BYTES, FIRST_RUN);
        w.sha256.update(slot, HEAD_BYTES, NODE_BYTES);
        finish(w, layer, node++);
      }
    }
  }

  /**
   * Copies the expander parents of {@code count} nodes to their slots.
   *
   * @param parents scratch, 14 for each node
   * @param slots receives them, slot 0 those of node {@code from}
   * @param rows the graph's parents
   * @param previous the layer before, final
   * @return a value to be kept somewhere
   */
  static long gather(
      int[] parents,
      byte[] slots,
      int firstSlot,
      MemorySegment rows,
      MemorySegment previous,
      long from,
      int count) {
    MemorySegment.copy(rows, PARENT, from * ROW_BYTES, parents, 0, count * DEGREE);
    long sink = touch(parents, count, BASE_DEGREE, DEGREE, previous);
    int at = firstSlot * SLOT_BYTES + HEAD_BYTES + BASE_DEGREE * NODE_BYTES;
    for (int row = 0; row < count * DEGREE; row += DEGREE) {
      copy(parents, row + BASE_DEGREE, EXPANDER_DEGREE, previous, slots, at);
      at += SLOT_BYTES;
    }
    return sink;
  }

  /**
   * Labels {@code count} nodes of a later layer.
   *
   * @param slots with heads and expander parents, {@code firstSlot} for node {@code from}
   * @param rows the graph's parents
   * @param layer the layer, final below {@code from}
   * @param count up to {@link #BATCH}
   */
  static void later(
      LabelWorkspace w,
      byte[] slots,
      int firstSlot,
      MemorySegment rows,
      MemorySegment layer,
      long from,
      int count)
      throws DigestException {
    int[] parents = w.parents;
    MemorySegment.copy(rows, PARENT, from * ROW_BYTES, parents, 0, count * DEGREE);
    w.sink = touch(parents, count, 0, BASE_DEGREE, layer);
    int slot = firstSlot * SLOT_BYTES;
    long node = from;
    int first = 0;
    if (node == 0) {
      nodeZero(w, layer);
      node++;
      first += DEGREE;
      slot += SLOT_BYTES;
    }
    for (int row = first; row < count * DEGREE; row += DEGREE) {
      NUMBER.set(slots, slot + HEAD_NODE, node);
      copy(parents, row, BASE_DEGREE, layer, slots, slot + HEAD_BYTES);
      w.sha256.update(slots, slot, HEAD_BYTES + LATER_RUN);
      w.sha256.update(slots, slot + HEAD_BYTES, LATER_RUN);
      w.sha256.update(slots, slot + HEAD_BYTES, LATER_TAIL);
      finish(w, layer, node++);
      slot += SLOT_BYTES;
    }
  }

  /** Node 0 hashes its head alone. */
  private static void nodeZero(LabelWorkspace w, MemorySegment layer) throws DigestException {
    NUMBER.set(w.slots, HEAD_NODE, 0L);
    w.sha256.update(w.slots, 0, HEAD_BYTES);
    finish(w, layer, 0);
  }

  /** Ends the hash and stores it with its two top bits cleared. */
  private static void finish(LabelWorkspace w, MemorySegment layer, long node)
      throws DigestException {
    byte[] digest = w.digest;
    w.sha256.digest(digest, 0, NODE_BYTES);
    long at = node * NODE_BYTES;
    layer.set(WORD, at, (long) LONG.get(digest, 0));
    layer.set(WORD, at + 8, (long) LONG.get(digest, 8));
    layer.set(WORD, at + 16, (long) LONG.get(digest, 16));
    layer.set(WORD, at + 24, (long) LONG.get(digest, 24) & 0x3fff_ffff_ffff_ffffL);
  }

  /** Copies the labels of {@code count} parents, listed from {@code first} on. */
  private static void copy(
      int[] parents, int first, int count, MemorySegment layer, byte[] out, int at) {
    for (int i = 0; i < count; i++) {
      long from = (long) parents[first + i] * NODE_BYTES;
      int to = at + i * NODE_BYTES;
      LONG.set(out, to, layer.get(WORD, from));
      LONG.set(out, to + 8, layer.get(WORD, from + 8));
      LONG.set(out, to + 16, layer.get(WORD, from + 16));
      LONG.set(out, to + 24, layer.get(WORD, from + 24));
    }
  }

  /**
   * Reads a word of the parents number {@code first} to {@code last - 1} of each node.
   *
   * @return a value that depends on all of them, so that the reads are not optimised away
   */
  private static long touch(int[] parents, int count, int first, int last, MemorySegment layer) {
    long sink = 0;
    for (int row = 0; row < count * DEGREE; row += DEGREE) {
      for (int i = first; i < last; i++) {
        sink ^= layer.get(WORD, (long) parents[row + i] * NODE_BYTES);
      }
    }
    return sink;
  }
}
