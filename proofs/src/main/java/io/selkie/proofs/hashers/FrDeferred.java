package io.selkie.proofs.hashers;

/**
 * Arithmetic modulo r on five limbs of 52 bits, with carries put off to the end.
 *
 * <p>Layout: an element is five consecutive longs, low limb first, limbs below 2^52, spelling a
 * value below 2^260 that need not be reduced. Products are Montgomery products with ρ = 2^260.
 *
 * <p>A limb product p = x·y has 104 bits. Its upper 52, floor(p/2^52), are the high word of
 * (x·2^12)·y, without a carry to catch; they are summed as they are. Of the lower 52 the sum is
 * found at the end: the low words of the p are summed modulo 2^64, and Σ(p mod 2^52) = Σp − 2^52·Σ
 * floor is below 2^64 as long as fewer than 4,096 products are summed, so that value modulo 2^64 is
 * exact. Two multiplications and two additions per pair of limbs, no comparison, no mask.
 *
 * <p>r/2^260 &lt; 0.0284: a sum of n products of values below c·r and c'·r comes out below
 * (0.0284·n·c·c' + 1)·r.
 */
final class FrDeferred {

  static final int LIMBS = 5;

  static final int LIMB_BITS = 52;

  static final long LIMB_MASK = (1L << LIMB_BITS) - 1;

  private static final int SHIFT = Long.SIZE - LIMB_BITS;

  private static final long R0 = 0xfffff00000001L;
  private static final long R1 = 0x02fffe5bfefffL;
  private static final long R2 = 0x9a1d80553bda4L;
  private static final long R3 = 0x7d483339d8080L;
  private static final long R4 = 0x073eda753299dL;

  private FrDeferred() {}

  /** out = a·b/ρ + constant; a, b and out are offsets in {@code s} and may be the same. */
  static void mul(long[] s, int a, int b, long[] constants, int c, int out) {
    long a0 = s[a];
    long a1 = s[a + 1];
    long a2 = s[a + 2];
    long a3 = s[a + 3];
    long a4 = s[a + 4];
    long lo0 = 0;
    long hi0 = 0;
    long lo1 = 0;
    long hi1 = 0;
    long lo2 = 0;
    long hi2 = 0;
    long lo3 = 0;
    long hi3 = 0;
    long lo4 = 0;
    long hi4 = 0;
    for (int k = 0; k < LIMBS; k++) {
      long y = s[b + k];
      long high = y << SHIFT;
      lo0 += y * a0;
      hi0 += Math.unsignedMultiplyHigh(high, a0);
      lo1 += y * a1;
      hi1 += Math.unsignedMultiplyHigh(high, a1);
      lo2 += y * a2;
      hi2 += Math.unsignedMultiplyHigh(high, a2);
      lo3 += y * a3;
      hi3 += Math.unsignedMultiplyHigh(high, a3);
      lo4 += y * a4;
      hi4 += Math.unsignedMultiplyHigh(high, a4);
      // Column 0 is complete: add the multiple of r that clears it, and move down one limb.
      long v = lo0 - (hi0 << LIMB_BITS);
      long m = (-v - (v << 32)) & LIMB_MASK;
      long shifted = m << SHIFT;
      hi0 += Math.unsignedMultiplyHigh(shifted, R0);
      v += (m * R0) & LIMB_MASK;
      lo0 = lo1 + m * R1 + hi0 + (v >>> LIMB_BITS);
      hi0 = hi1 + Math.unsignedMultiplyHigh(shifted, R1);
      lo1 = lo2 + m * R2;
      hi1 = hi2 + Math.unsignedMultiplyHigh(shifted, R2);
      lo2 = lo3 + m * R3;
      hi2 = hi3 + Math.unsignedMultiplyHigh(shifted, R3);
      lo3 = lo4 + m * R4;
      hi3 = hi4 + Math.unsignedMultiplyHigh(shifted, R4);
      lo4 = 0;
      hi4 = 0;
    }
    long v = lo0 - (hi0 << LIMB_BITS) + constants[c];
    s[out] = v & LIMB_MASK;
    v = lo1 - (hi1 << LIMB_BITS) + hi0 + (v >>> LIMB_BITS) + constants[c + 1];
    s[out + 1] = v & LIMB_MASK;
    v = lo2 - (hi2 << LIMB_BITS) + hi1 + (v >>> LIMB_BITS) + constants[c + 2];
    s[out + 2] = v & LIMB_MASK;
    v = lo3 - (hi3 << LIMB_BITS) + hi2 + (v >>> LIMB_BITS) + constants[c + 3];
    s[out + 3] = v & LIMB_MASK;
    // Nothing is above the last limb: its upper halves stay with it.
    s[out + 4] = lo4 + hi3 + (v >>> LIMB_BITS) + constants[c + 4];
  }

  /**
   * out = (Σ term_i·constant_i)/ρ + addend, over {@code n} consecutive elements at {@code terms}
   * and {@code n} consecutive constants at {@code c}; one reduction for the whole sum.
   */
  static void dot(long[] s, int terms, int n, long[] constants, int c, int addend, int out) {
    long lo0 = 0;
    long hi0 = 0;
    long lo1 = 0;
    long hi1 = 0;
    long lo2 = 0;
    long hi2 = 0;
    long lo3 = 0;
    long hi3 = 0;
    long lo4 = 0;
    long hi4 = 0;
    for (int k = 0; k < LIMBS; k++) {
      int end = c + n * LIMBS;
      for (int i = c, at = terms + k; i < end; i += LIMBS, at += LIMBS) {
        long y = s[at];
        long high = y << SHIFT;
        lo0 += y * constants[i];
        hi0 += Math.unsignedMultiplyHigh(high, constants[i]);
        lo1 += y * constants[i + 1];
        hi1 += Math.unsignedMultiplyHigh(high, constants[i + 1]);
        lo2 += y * constants[i + 2];
        hi2 += Math.unsignedMultiplyHigh(high, constants[i + 2]);
        lo3 += y * constants[i + 3];
        hi3 += Math.unsignedMultiplyHigh(high, constants[i + 3]);
        lo4 += y * constants[i + 4];
        hi4 += Math.unsignedMultiplyHigh(high, constants[i + 4]);
      }
      long v = lo0 - (hi0 << LIMB_BITS);
      long m = (-v - (v << 32)) & LIMB_MASK;
      long shifted = m << SHIFT;
      hi0 += Math.unsignedMultiplyHigh(shifted, R0);
      v += (m * R0) & LIMB_MASK;
      lo0 = lo1 + m * R1 + hi0 + (v >>> LIMB_BITS);
      hi0 = hi1 + Math.unsignedMultiplyHigh(shifted, R1);
      lo1 = lo2 + m * R2;
      hi1 = hi2 + Math.unsignedMultiplyHigh(shifted, R2);
      lo2 = lo3 + m * R3;
      hi2 = hi3 + Math.unsignedMultiplyHigh(shifted, R3);
      lo3 = lo4 + m * R4;
      hi3 = hi4 + Math.unsignedMultiplyHigh(shifted, R4);
      lo4 = 0;
      hi4 = 0;
    }
    long v = lo0 - (hi0 << LIMB_BITS) + s[addend];
    s[out] = v & LIMB_MASK;
    v = lo1 - (hi1 << LIMB_BITS) + hi0 + (v >>> LIMB_BITS) + s[addend + 1];
    s[out + 1] = v & LIMB_MASK;
    v = lo2 - (hi2 << LIMB_BITS) + hi1 + (v >>> LIMB_BITS) + s[addend + 2];
    s[out + 2] = v & LIMB_MASK;
    v = lo3 - (hi3 << LIMB_BITS) + hi2 + (v >>> LIMB_BITS) + s[addend + 3];
    s[out + 3] = v & LIMB_MASK;
    // Nothing is above the last limb: its upper halves stay with it.
    s[out + 4] = lo4 + hi3 + (v >>> LIMB_BITS) + s[addend + 4];
  }
}
