package io.selkie.proofs.field;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * Arithmetic modulo r, the order of BLS12-381's scalar field, on four 64-bit limbs.
 *
 * <p>Layout: an element is {@value #LIMBS} consecutive {@code long}s of an array, low limb first,
 * always fully reduced (below r). In bytes it is {@value #BYTES} bytes, little-endian. Products are
 * Montgomery products with R = 2^256: {@code mul(a, b) = a·b/R mod r}; an element x is in
 * Montgomery form when stored as x·R mod r. Additions and subtractions are the same in both forms.
 *
 * <p>r = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001, below 2^255, so a sum
 * of two elements never leaves 256 bits. Every method may be given overlapping operands and result.
 * The methods do not branch on data but are not promised to take constant time: nothing that is
 * proven here is secret.
 */
public final class Fr {

  /** Limbs of an element. */
  public static final int LIMBS = 4;

  /** Bytes of an element. */
  public static final int BYTES = 32;

  /** The modulus r. */
  public static final BigInteger MODULUS =
      new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);

  static final long R0 = 0xffffffff00000001L;
  static final long R1 = 0x53bda402fffe5bfeL;
  static final long R2 = 0x3339d80809a1d805L;
  static final long R3 = 0x73eda753299d7d48L;

  /** −1/r mod 2^64. */
  private static final long NEGATED_INVERSE = 0xfffffffeffffffffL;

  private static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** 2^512 mod r: a product with it brings an element into Montgomery form. */
  private static final long[] R_SQUARED = limbs(BigInteger.ONE.shiftLeft(512).mod(MODULUS));

  private static final long[] PLAIN_ONE = {1, 0, 0, 0};

  private Fr() {}

  /** Whether the {@value #BYTES} bytes of {@code s} at {@code off} are a value below r. */
  public static boolean isCanonical(MemorySegment s, long off) {
    long a0 = s.get(LONG_LE, off);
    long a1 = s.get(LONG_LE, off + 8);
    long a2 = s.get(LONG_LE, off + 16);
    long a3 = s.get(LONG_LE, off + 24);
    return isBelowModulus(a0, a1, a2, a3);
  }

  /** Reads {@value #BYTES} bytes at {@code off} of {@code s} into limbs, as they are. */
  public static void read(MemorySegment s, long off, long[] out, int o) {
    out[o] = s.get(LONG_LE, off);
    out[o + 1] = s.get(LONG_LE, off + 8);
    out[o + 2] = s.get(LONG_LE, off + 16);
    out[o + 3] = s.get(LONG_LE, off + 24);
  }

  /** Writes the limbs of {@code a} at {@code ao} as {@value #BYTES} bytes, as they are. */
  public static void write(long[] a, int ao, MemorySegment s, long off) {
    s.set(LONG_LE, off, a[ao]);
    s.set(LONG_LE, off + 8, a[ao + 1]);
    s.set(LONG_LE, off + 16, a[ao + 2]);
    s.set(LONG_LE, off + 24, a[ao + 3]);
  }

  /** out = a·R mod r: brings a plain element into Montgomery form. */
  public static void toMontgomery(long[] a, int ao, long[] out, int o) {
    mul(a, ao, R_SQUARED, 0, out, o);
  }

  /** out = a/R mod r: takes an element out of Montgomery form. */
  public static void fromMontgomery(long[] a, int ao, long[] out, int o) {
    mul(a, ao, PLAIN_ONE, 0, out, o);
  }

  /** out = a + b mod r. */
  public static void add(long[] a, int ao, long[] b, int bo, long[] out, int o) {
    long x0 = a[ao];
    long x1 = a[ao + 1];
    long x2 = a[ao + 2];
    long y0 = b[bo];
    long y1 = b[bo + 1];
    long y2 = b[bo + 2];
    long s0 = x0 + y0;
    long s1 = x1 + y1 + carryOut(x0, y0, s0);
    long s2 = x2 + y2 + carryOut(x1, y1, s1);
    long s3 = a[ao + 3] + b[bo + 3] + carryOut(x2, y2, s2);
    storeReduced(s0, s1, s2, s3, out, o);
  }

  /** out = a − b mod r. */
  public static void subtract(long[] a, int ao, long[] b, int bo, long[] out, int o) {
    long x0 = a[ao];
    long x1 = a[ao + 1];
    long x2 = a[ao + 2];
    long x3 = a[ao + 3];
    long y0 = b[bo];
    long y1 = b[bo + 1];
    long y2 = b[bo + 2];
    long y3 = b[bo + 3];
    long d0 = x0 - y0;
    long d1 = x1 - y1 - borrowOut(x0, y0, d0);
    long d2 = x2 - y2 - borrowOut(x1, y1, d1);
    long d3 = x3 - y3 - borrowOut(x2, y2, d2);
    long mask = -borrowOut(x3, y3, d3);
    long m0 = R0 & mask;
    long m1 = R1 & mask;
    long m2 = R2 & mask;
    long s0 = d0 + m0;
    long s1 = d1 + m1 + carryOut(d0, m0, s0);
    long s2 = d2 + m2 + carryOut(d1, m1, s1);
    out[o] = s0;
    out[o + 1] = s1;
    out[o + 2] = s2;
    out[o + 3] = d3 + (R3 & mask) + carryOut(d2, m2, s2);
  }

  /**
   * out = a·b/R mod r.
   *
   * <p>Interleaved product and reduction, one limb of b a turn. Because r's top limb is below 2^63,
   * the running value stays below 2r after each turn and needs no fifth limb.
   */
  public static void mul(long[] a, int ao, long[] b, int bo, long[] out, int o) {
    long a0 = a[ao];
    long a1 = a[ao + 1];
    long a2 = a[ao + 2];
    long a3 = a[ao + 3];
    long t0 = 0;
    long t1 = 0;
    long t2 = 0;
    long t3 = 0;
    for (int i = 0; i < LIMBS; i++) {
      long y = b[bo + i];
      // A column is low + t + carry: its high word cannot overflow.
      long low = a0 * y;
      long v = low + t0;
      long up = Math.unsignedMultiplyHigh(a0, y) + carry(v, low);
      long m = v * NEGATED_INVERSE;
      low = m * R0;
      long down = Math.unsignedMultiplyHigh(m, R0) + carry(low + v, low);

      low = a1 * y;
      v = low + t1;
      long high = Math.unsignedMultiplyHigh(a1, y) + carry(v, low);
      t1 = v + up;
      up = high + carry(t1, v);
      low = m * R1;
      v = low + t1;
      high = Math.unsignedMultiplyHigh(m, R1) + carry(v, low);
      t0 = v + down;
      down = high + carry(t0, v);

      low = a2 * y;
      v = low + t2;
      high = Math.unsignedMultiplyHigh(a2, y) + carry(v, low);
      t2 = v + up;
      up = high + carry(t2, v);
      low = m * R2;
      v = low + t2;
      high = Math.unsignedMultiplyHigh(m, R2) + carry(v, low);
      t1 = v + down;
      down = high + carry(t1, v);

      low = a3 * y;
      v = low + t3;
      high = Math.unsignedMultiplyHigh(a3, y) + carry(v, low);
      t3 = v + up;
      up = high + carry(t3, v);
      low = m * R3;
      v = low + t3;
      high = Math.unsignedMultiplyHigh(m, R3) + carry(v, low);
      t2 = v + down;
      down = high + carry(t2, v);
      t3 = up + down;
    }
    storeReduced(t0, t1, t2, t3, out, o);
  }

  /** out = a²/R mod r. */
  public static void square(long[] a, int ao, long[] out, int o) {
    mul(a, ao, a, ao, out, o);
  }

  /**
   * out = (a_0·b_0 + … + a_{n−1}·b_{n−1})/R mod r, with one reduction for the whole sum.
   *
   * <p>The upper half of the running sum is kept below r: with r below 2^255, upper + upper half of
   * one product is below 2r, so a single conditional subtraction per product suffices.
   */
  public static void dot(long[] a, int ao, long[] b, int bo, int n, long[] out, int o) {
    long s0 = 0;
    long s1 = 0;
    long s2 = 0;
    long s3 = 0;
    long s4 = 0;
    long s5 = 0;
    long s6 = 0;
    long s7 = 0;
    for (int k = 0; k < n * LIMBS; k += LIMBS) {
      long b0 = b[bo + k];
      long b1 = b[bo + k + 1];
      long b2 = b[bo + k + 2];
      long b3 = b[bo + k + 3];
      long over = 0;
      // Four rows; each turn adds a_i·b to limbs i..i+3 and rotates the low limb out of the window.
      for (int i = 0; i < LIMBS; i++) {
        long x = a[ao + k + i];
        long low = x * b0;
        long r0 = s0 + low;
        long up = Math.unsignedMultiplyHigh(x, b0) + carry(r0, low);

        low = x * b1;
        long v = low + s1;
        long high = Math.unsignedMultiplyHigh(x, b1) + carry(v, low);
        long r1 = v + up;
        up = high + carry(r1, v);

        low = x * b2;
        v = low + s2;
        high = Math.unsignedMultiplyHigh(x, b2) + carry(v, low);
        long r2 = v + up;
        up = high + carry(r2, v);

        low = x * b3;
        v = low + s3;
        high = Math.unsignedMultiplyHigh(x, b3) + carry(v, low);
        long r3 = v + up;
        up = high + carry(r3, v);

        v = s4 + over;
        over = carry(v, over);
        long r4 = v + up;
        over += carry(r4, up);
        s0 = r1;
        s1 = r2;
        s2 = r3;
        s3 = r4;
        s4 = s5;
        s5 = s6;
        s6 = s7;
        s7 = r0;
      }
      // Four rotations later the window starts at limb 4: s0..s3 is the upper half, s4..s7 the
      // lower one. Reduce the upper half and turn the window back.
      long d0 = s0 - R0;
      long d1 = s1 - R1 - borrowOut(s0, R0, d0);
      long d2 = s2 - R2 - borrowOut(s1, R1, d1);
      long d3 = s3 - R3 - borrowOut(s2, R2, d2);
      long keep = -borrowOut(s3, R3, d3);
      long l0 = s4;
      long l1 = s5;
      long l2 = s6;
      long l3 = s7;
      s4 = (s0 & keep) | (d0 & ~keep);
      s5 = (s1 & keep) | (d1 & ~keep);
      s6 = (s2 & keep) | (d2 & ~keep);
      s7 = (s3 & keep) | (d3 & ~keep);
      s0 = l0;
      s1 = l1;
      s2 = l2;
      s3 = l3;
    }
    reduceWide(s0, s1, s2, s3, s4, s5, s6, s7, out, o);
  }

  /** out = (512-bit value below r·R)/R mod r. */
  private static void reduceWide(
      long s0, long s1, long s2, long s3, long s4, long s5, long s6, long s7, long[] out, int o) {
    long over = 0;
    for (int i = 0; i < LIMBS; i++) {
      long m = s0 * NEGATED_INVERSE;
      long low = m * R0;
      long up = Math.unsignedMultiplyHigh(m, R0) + carry(low + s0, low);

      low = m * R1;
      long v = low + s1;
      long high = Math.unsignedMultiplyHigh(m, R1) + carry(v, low);
      s0 = v + up;
      up = high + carry(s0, v);

      low = m * R2;
      v = low + s2;
      high = Math.unsignedMultiplyHigh(m, R2) + carry(v, low);
      s1 = v + up;
      up = high + carry(s1, v);

      low = m * R3;
      v = low + s3;
      high = Math.unsignedMultiplyHigh(m, R3) + carry(v, low);
      s2 = v + up;
      up = high + carry(s2, v);

      v = s4 + over;
      over = carry(v, over);
      s3 = v + up;
      over += carry(s3, up);
      s4 = s5;
      s5 = s6;
      s6 = s7;
    }
    storeReduced(s0, s1, s2, s3, out, o);
  }

  /** out = a^5/R^4 mod r: in Montgomery form, the fifth power. */
  public static void pow5(long[] a, int ao, long[] out, int o, long[] scratch) {
    mul(a, ao, a, ao, scratch, 0);
    mul(scratch, 0, scratch, 0, scratch, 0);
    mul(scratch, 0, a, ao, out, o);
  }

  /** Subtracts r from the 256-bit value at {@code ao} unless it is below r. */
  public static void reduceOnce(long[] a, int ao) {
    storeReduced(a[ao], a[ao + 1], a[ao + 2], a[ao + 3], a, ao);
  }

  /**
   * out = 1/a, both in Montgomery form, as a^(r−2).
   *
   * @throws ArithmeticException if a is zero
   */
  public static void inverse(long[] a, int ao, long[] out, int o) {
    if ((a[ao] | a[ao + 1] | a[ao + 2] | a[ao + 3]) == 0) {
      throw new ArithmeticException("zero has no inverse modulo r");
    }
    BigInteger exponent = MODULUS.subtract(BigInteger.TWO);
    long[] base = {a[ao], a[ao + 1], a[ao + 2], a[ao + 3]};
    long[] power = base.clone();
    for (int bit = exponent.bitLength() - 2; bit >= 0; bit--) {
      square(power, 0, power, 0);
      if (exponent.testBit(bit)) {
        mul(power, 0, base, 0, power, 0);
      }
    }
    System.arraycopy(power, 0, out, o, LIMBS);
  }

  /**
   * The limbs of a plain (not Montgomery) value.
   *
   * @throws IllegalArgumentException if {@code value} is negative or not below r
   */
  public static long[] limbs(BigInteger value) {
    if (value.signum() < 0 || value.compareTo(MODULUS) >= 0) {
      throw new IllegalArgumentException("value 0x" + value.toString(16) + " is not below r");
    }
    long[] limbs = new long[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] = value.shiftRight(64 * i).longValue();
    }
    return limbs;
  }

  /** The value of the limbs of {@code a} at {@code ao}, as they are. */
  public static BigInteger value(long[] a, int ao) {
    BigInteger value = BigInteger.ZERO;
    for (int i = LIMBS - 1; i >= 0; i--) {
      BigInteger limb = new BigInteger(Long.toUnsignedString(a[ao + i]));
      value = value.shiftLeft(64).or(limb);
    }
    return value;
  }

  /** Stores a value below 2r, reduced. */
  private static void storeReduced(long s0, long s1, long s2, long s3, long[] out, int o) {
    long d0 = s0 - R0;
    long d1 = s1 - R1 - borrowOut(s0, R0, d0);
    long d2 = s2 - R2 - borrowOut(s1, R1, d1);
    long d3 = s3 - R3 - borrowOut(s2, R2, d2);
    long keep = -borrowOut(s3, R3, d3);
    out[o] = (s0 & keep) | (d0 & ~keep);
    out[o + 1] = (s1 & keep) | (d1 & ~keep);
    out[o + 2] = (s2 & keep) | (d2 & ~keep);
    out[o + 3] = (s3 & keep) | (d3 & ~keep);
  }

  private static boolean isBelowModulus(long a0, long a1, long a2, long a3) {
    long d0 = a0 - R0;
    long d1 = a1 - R1 - borrowOut(a0, R0, d0);
    long d2 = a2 - R2 - borrowOut(a1, R1, d1);
    long d3 = a3 - R3 - borrowOut(a2, R2, d2);
    return borrowOut(a3, R3, d3) != 0;
  }

  /** The carry of sum = x + addend. */
  private static long carry(long sum, long addend) {
    return Long.compareUnsigned(sum, addend) < 0 ? 1 : 0;
  }

  /** The carry out of sum = x + y + (carry in), whichever the carry in was. */
  static long carryOut(long x, long y, long sum) {
    return ((x & y) | ((x | y) & ~sum)) >>> 63;
  }

  /** The borrow out of difference = x − y − (borrow in), whichever the borrow in was. */
  static long borrowOut(long x, long y, long difference) {
    return ((~x & y) | ((~x | y) & difference)) >>> 63;
  }
}
