package io.selkie.proofs.simd;

import static io.selkie.proofs.simd.FrLanes.ELEMENT;
import static io.selkie.proofs.simd.FrLanes.LANES;
import static io.selkie.proofs.simd.FrLanes.LIMBS;
import static io.selkie.proofs.simd.FrLanes.LIMB_BITS;
import static io.selkie.proofs.simd.FrLanes.LIMB_MASK;

import io.selkie.proofs.field.Fr;
import io.selkie.proofs.hashers.PoseidonConstants;
import io.selkie.proofs.hashers.PoseidonKernel;
import io.selkie.proofs.hashers.PoseidonScalar;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Poseidon on {@link FrLanes#LANES} rows at a time, one row a lane.
 *
 * <p>Working memory, in elements of all lanes: B − 1 places for the h of a block of partial rounds,
 * growing downwards; the t elements of the state; t for the mixed state; one of scratch; one of
 * zeros. So the h and the state are always consecutive terms of one sum. Bounds (see {@link
 * FrLanes}): sums are below (0.0142·37·2 + 1)·r in full rounds, and partial rounds add less than
 * 1.1·r per block to elements 1 and up, of at most 30 blocks: far below 2^261 &gt; 70·r.
 */
final class PoseidonLanes implements PoseidonKernel.Rows {

  /** A batch of fewer rows than this is hashed faster one by one. */
  private static final int LEAST_ROWS = 2;

  /** A call of so many rows is worth the time until the kernels are compiled. */
  private static final int LARGE_CALL_ROWS = 512;

  private final PoseidonKernel.Rows scalar;
  private final VectorSchedule schedule;
  private final int width;
  private final int state;
  private final int mixed;
  private final int scratch;
  private final int zero;

  /** Rows that small calls may still give to the scalar twin. */
  private final AtomicInteger coldRows;

  PoseidonLanes(PoseidonConstants constants, BigInteger tag, int blockRounds, int coldRows) {
    this.scalar = new PoseidonScalar().prepare(constants, tag);
    this.schedule = new VectorSchedule(constants, tag, blockRounds);
    this.width = constants.width();
    this.state = (blockRounds - 1) * ELEMENT;
    this.mixed = state + width * ELEMENT;
    this.scratch = mixed + width * ELEMENT;
    this.zero = scratch + ELEMENT;
    this.coldRows = new AtomicInteger(coldRows);
  }

  @Override
  public void hash(
      MemorySegment[] in, long[] inOffs, long stride, MemorySegment out, long outOff, long count) {
    long left = count % LANES;
    long byLanes = left < LEAST_ROWS ? count - left : count;
    if (isTooCold(count)) {
      byLanes = 0;
    }
    if (byLanes > 0) {
      hashByLanes(in, inOffs, stride, out, outOff, byLanes);
    }
    if (byLanes < count) {
      long[] offsets = new long[inOffs.length];
      for (int j = 0; j < offsets.length; j++) {
        offsets[j] = inOffs[j] + byLanes * stride;
      }
      scalar.hash(in, offsets, stride, out, outOff + byLanes * Fr.BYTES, count - byLanes);
    }
  }

  /**
   * Whether the scalar twin should take this call because the kernels are not compiled yet.
   *
   * <p>Until then each vector operation makes objects and a batch takes about ten milliseconds,
   * which a process that only seals a tiny sector would pay and never earn back.
   */
  private boolean isTooCold(long count) {
    return count < LARGE_CALL_ROWS && coldRows.get() > 0 && coldRows.addAndGet(-(int) count) >= 0;
  }

  private void hashByLanes(
      MemorySegment[] in, long[] inOffs, long stride, MemorySegment out, long outOff, long count) {
    long[] s = new long[zero + ELEMENT];
    long[] node = new long[Fr.LIMBS];
    for (long row = 0; row < count; row += LANES) {
      // In a last batch of fewer rows the other lanes go on with old values, which nobody reads.
      int rows = (int) Math.min(LANES, count - row);
      for (int j = 1; j < width; j++) {
        load(in[j - 1], inOffs[j - 1] + row * stride, stride, rows, s, j, node);
      }
      permute(s);
      for (int lane = 0; lane < rows; lane++) {
        gather(s, state + lane, node);
        Fr.write(node, 0, out, outOff + (row + lane) * Fr.BYTES);
      }
    }
  }

  /** Element j of each row, plus round 0's constant, into its lane. */
  private void load(
      MemorySegment in, long off, long stride, int rows, long[] s, int j, long[] node) {
    for (int lane = 0; lane < rows; lane++) {
      Fr.read(in, off + lane * stride, node, 0);
      Fr.add(node, 0, schedule.first, j * Fr.LIMBS, node, 0);
      scatter(node, s, state + j * ELEMENT + lane);
    }
  }

  /** Leaves the digests, plain and below 2r, in element 0. */
  private void permute(long[] s) {
    long[] keys = schedule.keys;
    for (int k = 0; k < LIMBS; k++) {
      int at = state + k * LANES;
      Arrays.fill(s, at, at + LANES, schedule.firstElement[k]);
    }
    for (int j = 1; j < width; j++) {
      power(s, state + j * ELEMENT, keys, j * LIMBS);
    }
    mix(s, 0);
    int key = width * LIMBS;
    for (int round = 1; round < 4; round++) {
      powers(s, keys, key);
      key += width * LIMBS;
      mix(s, round == 3 ? 2 : 1);
    }
    int block = 0;
    for (int done = 0; done < schedule.partialRounds; done += schedule.blockRounds) {
      int rounds = Math.min(schedule.blockRounds, schedule.partialRounds - done);
      block = partialBlock(s, rounds, key, block);
      key += rounds * LIMBS;
    }
    for (int round = 0; round < 3; round++) {
      powers(s, keys, key);
      key += width * LIMBS;
      mix(s, 1);
    }
    for (int j = 0; j < width; j++) {
      power(s, state + j * ELEMENT, keys, key);
    }
    int fold = FrLanes.foldRows(width);
    FrLanes.dot(s, state, width, schedule.columns, schedule.column(3, 0), fold, zero, state);
  }

  private void powers(long[] s, long[] keys, int key) {
    for (int j = 0; j < width; j++) {
      power(s, state + j * ELEMENT, keys, key + j * LIMBS);
    }
  }

  /** x = x^5 + key; the zero at the end of the keys leaves the square and its square alone. */
  private void power(long[] s, int x, long[] keys, int key) {
    int none = keys.length - LIMBS;
    FrLanes.mul(s, x, x, keys, none, scratch);
    FrLanes.mul(s, scratch, scratch, keys, none, scratch);
    FrLanes.mul(s, scratch, x, keys, key, x);
  }

  private void mix(long[] s, int matrix) {
    int fold = FrLanes.foldRows(width);
    for (int j = 0; j < width; j++) {
      int column = schedule.column(matrix, j);
      FrLanes.dot(s, state, width, schedule.columns, column, fold, zero, mixed + j * ELEMENT);
    }
    System.arraycopy(s, mixed, s, state, width * ELEMENT);
  }

  /** Returns where the next block's coefficients start. */
  private int partialBlock(long[] s, int rounds, int key, int from) {
    long[] blocks = schedule.blocks;
    int h = state;
    int at = from;
    for (int b = 0; b < rounds; b++) {
      power(s, h, schedule.keys, key + b * LIMBS);
      int terms = width + b;
      int next = b == rounds - 1 ? mixed : h - ELEMENT;
      FrLanes.dot(s, h, terms, blocks, at, FrLanes.foldRows(terms), zero, next);
      at += terms * LIMBS;
      if (b < rounds - 1) {
        h = next;
      }
    }
    int fold = FrLanes.foldRows(rounds);
    for (int j = 1; j < width; j++) {
      int element = state + j * ELEMENT;
      FrLanes.dot(s, h, rounds, blocks, at, fold, element, mixed + j * ELEMENT);
      at += rounds * LIMBS;
    }
    System.arraycopy(s, mixed, s, state, width * ELEMENT);
    return at;
  }

  /** Cuts four 64-bit limbs into nine of 29 bits, into one lane. */
  private static void scatter(long[] node, long[] s, int at) {
    long n0 = node[0];
    long n1 = node[1];
    long n2 = node[2];
    long n3 = node[3];
    s[at] = n0 & LIMB_MASK;
    s[at + LANES] = (n0 >>> 29) & LIMB_MASK;
    s[at + 2 * LANES] = ((n0 >>> 58) | (n1 << 6)) & LIMB_MASK;
    s[at + 3 * LANES] = (n1 >>> 23) & LIMB_MASK;
    s[at + 4 * LANES] = ((n1 >>> 52) | (n2 << 12)) & LIMB_MASK;
    s[at + 5 * LANES] = (n2 >>> 17) & LIMB_MASK;
    s[at + 6 * LANES] = ((n2 >>> 46) | (n3 << 18)) & LIMB_MASK;
    s[at + 7 * LANES] = (n3 >>> 11) & LIMB_MASK;
    s[at + 8 * LANES] = n3 >>> 40;
  }

  /** The inverse of {@link #scatter}, reduced below r. */
  private static void gather(long[] s, int at, long[] node) {
    long l2 = s[at + 2 * LANES];
    long l4 = s[at + 4 * LANES];
    long l6 = s[at + 6 * LANES];
    node[0] = s[at] | (s[at + LANES] << LIMB_BITS) | (l2 << 58);
    node[1] = (l2 >>> 6) | (s[at + 3 * LANES] << 23) | (l4 << 52);
    node[2] = (l4 >>> 12) | (s[at + 5 * LANES] << 17) | (l6 << 46);
    node[3] = (l6 >>> 18) | (s[at + 7 * LANES] << 11) | (s[at + 8 * LANES] << 40);
    Fr.reduceOnce(node, 0);
  }
}
