package io.selkie.proofs.hashers;

import io.selkie.proofs.field.Fr;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Poseidon by the schedule of {@link BlockSchedule}, over arithmetic that a subclass supplies: the
 * frame of every fast kernel.
 *
 * <p>A subclass works on {@code lanes} independent rows at once and keeps an element as {@code
 * limbs} limbs; limb k of all lanes lies at {@code offset + k·lanes} of a {@code long[]}. Values
 * need not be reduced. With R the modulus and ρ = 2^(limbs·limbBits), a sum of n products of values
 * below a·R and b·R must come out below (n·a·b·R/ρ + 1)·R. {@code BlockBoundsTest} follows the
 * largest values through all rounds: for each arity, limb size and block length in use they stay
 * below ρ, and digests below 3R.
 *
 * <p>Working memory, in elements: B − 1 places for the h of a block of partial rounds, growing
 * downwards; the t elements of the state; t for the mixed state; one of scratch; one of zeros. So
 * the h and the state are always consecutive terms of one sum.
 */
public abstract class PoseidonBlocks implements PoseidonKernel.Rows {

  private final BlockSchedule schedule;
  private final int lanes;
  private final int element;
  private final int width;
  private final int state;
  private final int mixed;
  private final int scratch;
  private final int zero;

  /**
   * Derives the schedule.
   *
   * @param lanes rows hashed at once
   * @param limbs limbs of an element
   * @param limbBits bits of a limb
   * @param blockRounds partial rounds between two full updates of the state, at least 1
   */
  protected PoseidonBlocks(
      PoseidonConstants constants,
      BigInteger tag,
      int lanes,
      int limbs,
      int limbBits,
      int blockRounds) {
    this.schedule = new BlockSchedule(constants, tag, limbs, limbBits, blockRounds);
    this.lanes = lanes;
    this.element = limbs * lanes;
    this.width = constants.width();
    this.state = (blockRounds - 1) * element;
    this.mixed = state + width * element;
    this.scratch = mixed + width * element;
    this.zero = scratch + element;
  }

  /**
   * out = a·b/ρ + constant in each lane; {@code a}, {@code b}, {@code out} are offsets in {@code
   * s}, which may be the same, {@code c} one in {@code constants}.
   */
  protected abstract void mul(long[] s, int a, int b, long[] constants, int c, int out);

  /**
   * out = (Σ term_i·constant_i)/ρ + addend in each lane, over {@code n} consecutive elements at
   * {@code terms} and {@code n} consecutive constants at {@code c}. The result does not lie on the
   * addend.
   */
  protected abstract void dot(
      long[] s, int terms, int n, long[] constants, int c, int addend, int out);

  /** Cuts the four 64-bit limbs of {@code node} into the lane whose first limb is at {@code at}. */
  protected abstract void scatter(long[] node, long[] s, int at);

  /** The inverse of {@link #scatter}, without reducing. */
  protected abstract void gather(long[] s, int at, long[] node);

  @Override
  public void hash(
      MemorySegment[] in, long[] inOffs, long stride, MemorySegment out, long outOff, long count) {
    long[] s = new long[zero + element];
    long[] node = new long[Fr.LIMBS];
    for (long row = 0; row < count; row += lanes) {
      // In a last batch of fewer rows the other lanes go on with old values, which nobody reads.
      int rows = (int) Math.min(lanes, count - row);
      for (int j = 1; j < width; j++) {
        load(in[j - 1], inOffs[j - 1] + row * stride, stride, rows, s, j, node);
      }
      permute(s);
      for (int lane = 0; lane < rows; lane++) {
        gather(s, state + lane, node);
        // A digest comes out below 3R.
        Fr.reduceOnce(node, 0);
        Fr.reduceOnce(node, 0);
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
      scatter(node, s, state + j * element + lane);
    }
  }

  /** Leaves the digests, plain and below 3R, in element 0. */
  private void permute(long[] s) {
    long[] keys = schedule.keys;
    for (int k = 0; k < schedule.limbs; k++) {
      int at = state + k * lanes;
      Arrays.fill(s, at, at + lanes, schedule.firstElement[k]);
    }
    for (int j = 1; j < width; j++) {
      power(s, state + j * element, keys, j * schedule.limbs);
    }
    mix(s, 0);
    int key = width * schedule.limbs;
    for (int round = 1; round < 4; round++) {
      powers(s, keys, key);
      key += width * schedule.limbs;
      mix(s, round == 3 ? 2 : 1);
    }
    int block = 0;
    for (int done = 0; done < schedule.partialRounds; done += schedule.blockRounds) {
      int rounds = Math.min(schedule.blockRounds, schedule.partialRounds - done);
      block = partialBlock(s, rounds, key, block);
      key += rounds * schedule.limbs;
    }
    for (int round = 0; round < 3; round++) {
      powers(s, keys, key);
      key += width * schedule.limbs;
      mix(s, 1);
    }
    for (int j = 0; j < width; j++) {
      power(s, state + j * element, keys, key);
    }
    dot(s, state, width, schedule.columns, schedule.column(3, 0), zero, state);
  }

  private void powers(long[] s, long[] keys, int key) {
    for (int j = 0; j < width; j++) {
      power(s, state + j * element, keys, key + j * schedule.limbs);
    }
  }

  /** x = x^5 + key; the zero at the end of the keys leaves the square and its square alone. */
  private void power(long[] s, int x, long[] keys, int key) {
    int none = keys.length - schedule.limbs;
    mul(s, x, x, keys, none, scratch);
    mul(s, scratch, scratch, keys, none, scratch);
    mul(s, scratch, x, keys, key, x);
  }

  private void mix(long[] s, int matrix) {
    for (int j = 0; j < width; j++) {
      int column = schedule.column(matrix, j);
      dot(s, state, width, schedule.columns, column, zero, mixed + j * element);
    }
    System.arraycopy(s, mixed, s, state, width * element);
  }

  /** Returns where the next block's coefficients start. */
  private int partialBlock(long[] s, int rounds, int key, int from) {
    long[] blocks = schedule.blocks;
    int h = state;
    int at = from;
    for (int b = 0; b < rounds; b++) {
      power(s, h, schedule.keys, key + b * schedule.limbs);
      int terms = width + b;
      int next = b == rounds - 1 ? mixed : h - element;
      dot(s, h, terms, blocks, at, zero, next);
      at += terms * schedule.limbs;
      if (b < rounds - 1) {
        h = next;
      }
    }
    for (int j = 1; j < width; j++) {
      dot(s, h, rounds, blocks, at, state + j * element, mixed + j * element);
      at += rounds * schedule.limbs;
    }
    System.arraycopy(s, mixed, s, state, width * element);
    return at;
  }
}
