package io.selkie.proofs.simd;

import java.math.BigInteger;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic modulo r on as many independent elements as a vector register has 64-bit lanes.
 *
 * <p>Layout: an element is nine limbs of 29 bits, low limb first; limb k of all lanes is one vector
 * at {@code offset + k·LANES} of a {@code long[]}, so an element takes {@link #ELEMENT} longs. A
 * constant, the same in all lanes, takes nine longs. Limbs are below 2^29 between calls; the value
 * they spell is below 2^261 but not reduced: Montgomery products with ρ = 2^261 shrink by r/2^261
 * &lt; 0.0142, so a sum of n products of values below c·r comes out below (0.0142·n·c·c' + 1)·r and
 * never needs a comparison with r on the way.
 *
 * <p>r ≡ 1 (mod 2^29): the Montgomery factor of a column t is simply −t mod 2^29.
 *
 * <p>Every factor is masked right before it is multiplied although its limbs are small already:
 * from the mask the compiler sees that 32-bit factors suffice and emits one short multiplication
 * (vpmuludq). A full 64-bit one is three instructions on some processors and does not exist below
 * AVX-512; the masks cost a tenth where it is fast and halve the time where it is not.
 *
 * <p>The kernels are loops over one row of the product on purpose. Written out, the calls exceed
 * what the compiler inlines, and every vector becomes an object: fifty times slower.
 */
final class FrLanes {

  static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;

  /** Independent elements worked on at once: 8 with 512-bit registers, 4 with 256. */
  static final int LANES = SPECIES.length();

  static final int LIMBS = 9;

  static final int LIMB_BITS = 29;

  static final long LIMB_MASK = (1L << LIMB_BITS) - 1;

  /** Longs of one element in all lanes. */
  static final int ELEMENT = LIMBS * LANES;

  private static final long R1 = 0x1ffffff8L;
  private static final long R2 = 0x1f96ffbfL;
  private static final long R3 = 0x1b4805ffL;
  private static final long R4 = 0x1d80553bL;
  private static final long R5 = 0x0c0404d0L;
  private static final long R6 = 0x1520cce7L;
  private static final long R7 = 0x0a6533afL;
  private static final long R8 = 0x0073eda7L;

  private FrLanes() {}

  /** Nine limbs of a value below 2^261. */
  static void split(BigInteger value, long[] out, int at) {
    for (int k = 0; k < LIMBS; k++) {
      out[at + k] = value.shiftRight(LIMB_BITS * k).longValue() & LIMB_MASK;
    }
  }

  /**
   * out = a·b/ρ + constant, in each lane; all three elements lie in {@code s}.
   *
   * <p>A column gathers at most 9·2 products of 58 bits and a carry of 35: 63 bits.
   */
  static void mul(long[] s, int a, int b, long[] constants, int c, int out) {
    LongVector a0 = load(s, a).and(LIMB_MASK);
    LongVector a1 = load(s, a + LANES).and(LIMB_MASK);
    LongVector a2 = load(s, a + 2 * LANES).and(LIMB_MASK);
    LongVector a3 = load(s, a + 3 * LANES).and(LIMB_MASK);
    LongVector a4 = load(s, a + 4 * LANES).and(LIMB_MASK);
    LongVector a5 = load(s, a + 5 * LANES).and(LIMB_MASK);
    LongVector a6 = load(s, a + 6 * LANES).and(LIMB_MASK);
    LongVector a7 = load(s, a + 7 * LANES).and(LIMB_MASK);
    LongVector a8 = load(s, a + 8 * LANES).and(LIMB_MASK);
    LongVector t0 = LongVector.zero(SPECIES);
    LongVector t1 = t0;
    LongVector t2 = t0;
    LongVector t3 = t0;
    LongVector t4 = t0;
    LongVector t5 = t0;
    LongVector t6 = t0;
    LongVector t7 = t0;
    LongVector t8 = t0;
    LongVector r1 = LongVector.broadcast(SPECIES, R1).and(LIMB_MASK);
    LongVector r2 = LongVector.broadcast(SPECIES, R2).and(LIMB_MASK);
    LongVector r3 = LongVector.broadcast(SPECIES, R3).and(LIMB_MASK);
    LongVector r4 = LongVector.broadcast(SPECIES, R4).and(LIMB_MASK);
    LongVector r5 = LongVector.broadcast(SPECIES, R5).and(LIMB_MASK);
    LongVector r6 = LongVector.broadcast(SPECIES, R6).and(LIMB_MASK);
    LongVector r7 = LongVector.broadcast(SPECIES, R7).and(LIMB_MASK);
    LongVector r8 = LongVector.broadcast(SPECIES, R8).and(LIMB_MASK);
    for (int k = 0; k < ELEMENT; k += LANES) {
      LongVector y = load(s, b + k).and(LIMB_MASK);
      t0 = t0.add(y.mul(a0));
      t1 = t1.add(y.mul(a1));
      t2 = t2.add(y.mul(a2));
      t3 = t3.add(y.mul(a3));
      t4 = t4.add(y.mul(a4));
      t5 = t5.add(y.mul(a5));
      t6 = t6.add(y.mul(a6));
      t7 = t7.add(y.mul(a7));
      t8 = t8.add(y.mul(a8));
      LongVector m = t0.neg().and(LIMB_MASK);
      LongVector carry = t0.add(m).lanewise(VectorOperators.LSHR, LIMB_BITS);
      t0 = t1.add(m.mul(r1)).add(carry);
      t1 = t2.add(m.mul(r2));
      t2 = t3.add(m.mul(r3));
      t3 = t4.add(m.mul(r4));
      t4 = t5.add(m.mul(r5));
      t5 = t6.add(m.mul(r6));
      t6 = t7.add(m.mul(r7));
      t7 = t8.add(m.mul(r8));
      t8 = LongVector.zero(SPECIES);
    }
    t0.intoArray(s, out);
    t1.intoArray(s, out + LANES);
    t2.intoArray(s, out + 2 * LANES);
    t3.intoArray(s, out + 3 * LANES);
    t4.intoArray(s, out + 4 * LANES);
    t5.intoArray(s, out + 5 * LANES);
    t6.intoArray(s, out + 6 * LANES);
    t7.intoArray(s, out + 7 * LANES);
    t8.intoArray(s, out + 8 * LANES);
    carryWithConstant(s, out, constants, c);
  }

  /** Adds a constant to raw columns and makes them limbs again. */
  private static void carryWithConstant(long[] s, int out, long[] constants, int c) {
    LongVector carry = LongVector.zero(SPECIES);
    for (int k = 0; k < LIMBS; k++) {
      LongVector v = load(s, out + k * LANES).add(carry).add(constants[c + k]);
      carry = v.lanewise(VectorOperators.LSHR, LIMB_BITS);
      v.and(LIMB_MASK).intoArray(s, out + k * LANES);
    }
  }

  /** Adds an element to raw columns and makes them limbs again. */
  private static void carryWithElement(long[] s, int out, int addend) {
    LongVector carry = LongVector.zero(SPECIES);
    for (int k = 0; k < ELEMENT; k += LANES) {
      LongVector v = load(s, out + k).add(carry).add(load(s, addend + k));
      carry = v.lanewise(VectorOperators.LSHR, LIMB_BITS);
      v.and(LIMB_MASK).intoArray(s, out + k);
    }
  }

  /**
   * out = (Σ term_i·constant_i)/ρ + addend, in each lane, with one reduction for the whole sum.
   *
   * <p>{@code n} consecutive elements at {@code terms} of {@code s} times {@code n} consecutive
   * constants at {@code c}. Column by column: after all terms' products with limb k of the terms,
   * column k is complete and is reduced away, so nine accumulators suffice.
   *
   * <p>The result may lie on a term but not on the addend.
   *
   * @param foldRows after so many rows the accumulators are carried, see {@link #foldRows}
   */
  static void dot(
      long[] s, int terms, int n, long[] constants, int c, int foldRows, int addend, int out) {
    LongVector t0 = LongVector.zero(SPECIES);
    LongVector t1 = t0;
    LongVector t2 = t0;
    LongVector t3 = t0;
    LongVector t4 = t0;
    LongVector t5 = t0;
    LongVector t6 = t0;
    LongVector t7 = t0;
    LongVector t8 = t0;
    LongVector r1 = LongVector.broadcast(SPECIES, R1).and(LIMB_MASK);
    LongVector r2 = LongVector.broadcast(SPECIES, R2).and(LIMB_MASK);
    LongVector r3 = LongVector.broadcast(SPECIES, R3).and(LIMB_MASK);
    LongVector r4 = LongVector.broadcast(SPECIES, R4).and(LIMB_MASK);
    LongVector r5 = LongVector.broadcast(SPECIES, R5).and(LIMB_MASK);
    LongVector r6 = LongVector.broadcast(SPECIES, R6).and(LIMB_MASK);
    LongVector r7 = LongVector.broadcast(SPECIES, R7).and(LIMB_MASK);
    LongVector r8 = LongVector.broadcast(SPECIES, R8).and(LIMB_MASK);
    int untilFold = foldRows;
    for (int k = 0; k < ELEMENT; k += LANES) {
      int at = terms + k;
      int from = c;
      for (int i = 0; i < n; i++) {
        LongVector y = load(s, at).and(LIMB_MASK);
        t0 = t0.add(y.mul(LongVector.broadcast(SPECIES, constants[from]).and(LIMB_MASK)));
        t1 = t1.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 1]).and(LIMB_MASK)));
        t2 = t2.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 2]).and(LIMB_MASK)));
        t3 = t3.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 3]).and(LIMB_MASK)));
        t4 = t4.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 4]).and(LIMB_MASK)));
        t5 = t5.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 5]).and(LIMB_MASK)));
        t6 = t6.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 6]).and(LIMB_MASK)));
        t7 = t7.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 7]).and(LIMB_MASK)));
        t8 = t8.add(y.mul(LongVector.broadcast(SPECIES, constants[from + 8]).and(LIMB_MASK)));
        at += ELEMENT;
        from += LIMBS;
      }
      LongVector m = t0.neg().and(LIMB_MASK);
      LongVector carry = t0.add(m).lanewise(VectorOperators.LSHR, LIMB_BITS);
      t0 = t1.add(m.mul(r1)).add(carry);
      t1 = t2.add(m.mul(r2));
      t2 = t3.add(m.mul(r3));
      t3 = t4.add(m.mul(r4));
      t4 = t5.add(m.mul(r5));
      t5 = t6.add(m.mul(r6));
      t6 = t7.add(m.mul(r7));
      t7 = t8.add(m.mul(r8));
      t8 = LongVector.zero(SPECIES);
      if (--untilFold == 0) {
        untilFold = foldRows;
        t8 = t7.lanewise(VectorOperators.LSHR, LIMB_BITS);
        t7 = t7.and(LIMB_MASK).add(t6.lanewise(VectorOperators.LSHR, LIMB_BITS));
        t6 = t6.and(LIMB_MASK).add(t5.lanewise(VectorOperators.LSHR, LIMB_BITS));
        t5 = t5.and(LIMB_MASK).add(t4.lanewise(VectorOperators.LSHR, LIMB_BITS));
        t4 = t4.and(LIMB_MASK).add(t3.lanewise(VectorOperators.LSHR, LIMB_BITS));
        t3 = t3.and(LIMB_MASK).add(t2.lanewise(VectorOperators.LSHR, LIMB_BITS));
        t2 = t2.and(LIMB_MASK).add(t1.lanewise(VectorOperators.LSHR, LIMB_BITS));
        t1 = t1.and(LIMB_MASK).add(t0.lanewise(VectorOperators.LSHR, LIMB_BITS));
        t0 = t0.and(LIMB_MASK);
      }
    }
    t0.intoArray(s, out);
    t1.intoArray(s, out + LANES);
    t2.intoArray(s, out + 2 * LANES);
    t3.intoArray(s, out + 3 * LANES);
    t4.intoArray(s, out + 4 * LANES);
    t5.intoArray(s, out + 5 * LANES);
    t6.intoArray(s, out + 6 * LANES);
    t7.intoArray(s, out + 7 * LANES);
    t8.intoArray(s, out + 8 * LANES);
    carryWithElement(s, out, addend);
  }

  /**
   * After how many rows of a sum of {@code n} products the accumulators must be carried: each row
   * adds n + 1 products of 58 bits, 64 of them overflow, and one is kept for carries.
   *
   * @throws IllegalArgumentException if not even one row fits
   */
  static int foldRows(int n) {
    int rows = 63 / (n + 1);
    if (rows == 0) {
      throw new IllegalArgumentException("a sum of " + n + " products, at most 62 fit a lane");
    }
    return rows;
  }

  private static LongVector load(long[] s, int at) {
    return LongVector.fromArray(SPECIES, s, at);
  }
}
