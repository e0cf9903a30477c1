package io.selkie.proofs.porep;

import static io.selkie.proofs.graph.StackedGraph.BASE_DEGREE;
import static io.selkie.proofs.graph.StackedGraph.EXPANDER_DEGREE;

import io.selkie.proofs.graph.ParentsCache;
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
 * <p>A batch of slots is filled before its first hash: expander parents are final by then, and so
 * are most base parents. All those loads are independent, so the processor has many cache misses
 * under way at once. Base parents are then read again one by one, from a cache by now, since some
 * were labelled meanwhile. Nodes are 32 little-endian bytes; head fields are big-endian.
 */
final class LabelKernel {

  static final int NODE_BYTES = 32;
  static final int HEAD_BYTES = 64;

  /** Where the node number stands in the head, behind replica id and layer. */
  static final int HEAD_NODE = 36;

  /** Nodes whose parents are gathered together: few enough that they stay in the first caches. */
  static final int BATCH = 64;

  static final int FIRST_RUN = 3 * BASE_DEGREE * NODE_BYTES;
  static final int LATER_RUN = (BASE_DEGREE + EXPANDER_DEGREE) * NODE_BYTES;
  static final int LATER_TAIL = 9 * NODE_BYTES;

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
    long node = from;
    if (node == 0) {
      nodeZero(w, layer);
      node++;
    }
    while (node < to) {
      long end = Math.min(node + BATCH, to);
      w.sink = touch(rows, layer, node, end);
      for (; node < end; node++) {
        NUMBER.set(slot, HEAD_NODE, node);
        base(rows, layer, node, slot, HEAD_BYTES);
        int run = BASE_DEGREE * NODE_BYTES;
        System.arraycopy(slot, HEAD_BYTES, slot, HEAD_BYTES + run, run);
        System.arraycopy(slot, HEAD_BYTES, slot, HEAD_BYTES + 2 * run, run);
        w.sha256.update(slot, 0, HEAD_BYTES + FIRST_RUN);
        w.sha256.update(slot, HEAD_BYTES, FIRST_RUN);
        w.sha256.update(slot, HEAD_BYTES, NODE_BYTES);
        finish(w, layer, node);
      }
    }
  }

  /**
   * Labels the nodes {@code from} to {@code to - 1} of a later layer.
   *
   * @param rows the graph's parents
   * @param previous the layer before, final
   * @param layer the layer, final below {@code from}
   */
  static void later(
      LabelWorkspace w,
      MemorySegment rows,
      MemorySegment previous,
      MemorySegment layer,
      long from,
      long to)
      throws DigestException {
    byte[] slots = w.slots;
    long node = from;
    if (node == 0) {
      nodeZero(w, layer);
      node++;
    }
    while (node < to) {
      long end = Math.min(node + BATCH, to);
      expander(rows, previous, node, end, slots);
      w.sink = touch(rows, layer, node, end);
      int slot = 0;
      for (; node < end; node++) {
        NUMBER.set(slots, slot + HEAD_NODE, node);
        base(rows, layer, node, slots, slot + HEAD_BYTES);
        w.sha256.update(slots, slot, HEAD_BYTES + LATER_RUN);
        w.sha256.update(slots, slot + HEAD_BYTES, LATER_RUN);
        w.sha256.update(slots, slot + HEAD_BYTES, LATER_TAIL);
        finish(w, layer, node);
        slot += HEAD_BYTES + LATER_RUN;
      }
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

  /** Copies the labels of the node's six base parents to {@code out} from {@code at} on. */
  private static void base(MemorySegment rows, MemorySegment layer, long node, byte[] out, int at) {
    long row = node * ParentsCache.ROW_BYTES;
    for (int i = 0; i < BASE_DEGREE; i++) {
      copy(layer, rows.get(PARENT, row + i * 4L), out, at + i * NODE_BYTES);
    }
  }

  /** Copies the labels of the nodes' expander parents to their slots. */
  private static void expander(
      MemorySegment rows, MemorySegment previous, long from, long to, byte[] slots) {
    int at = HEAD_BYTES + BASE_DEGREE * NODE_BYTES;
    for (long node = from; node < to; node++) {
      long row = node * ParentsCache.ROW_BYTES + BASE_DEGREE * 4L;
      for (int i = 0; i < EXPANDER_DEGREE; i++) {
        copy(previous, rows.get(PARENT, row + i * 4L), slots, at + i * NODE_BYTES);
      }
      at += HEAD_BYTES + LATER_RUN;
    }
  }

  private static void copy(MemorySegment layer, int parent, byte[] out, int at) {
    long from = (long) parent * NODE_BYTES;
    LONG.set(out, at, layer.get(WORD, from));
    LONG.set(out, at + 8, layer.get(WORD, from + 8));
    LONG.set(out, at + 16, layer.get(WORD, from + 16));
    LONG.set(out, at + 24, layer.get(WORD, from + 24));
  }

  /**
   * Reads a word of each base parent to bring it near.
   *
   * @return a value that depends on all of them, so that the reads are not optimised away
   */
  private static long touch(MemorySegment rows, MemorySegment layer, long from, long to) {
    long sink = 0;
    for (long node = from; node < to; node++) {
      long row = node * ParentsCache.ROW_BYTES;
      // The first parent is the node before, or the last in the first version: near in any case.
      for (int i = 0; i < BASE_DEGREE; i++) {
        sink ^= layer.get(WORD, (long) rows.get(PARENT, row + i * 4L) * NODE_BYTES);
      }
    }
    return sink;
  }
}
