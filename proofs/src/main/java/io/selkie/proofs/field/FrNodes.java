package io.selkie.proofs.field;

import static io.selkie.proofs.field.Fr.R0;
import static io.selkie.proofs.field.Fr.R1;
import static io.selkie.proofs.field.Fr.R2;
import static io.selkie.proofs.field.Fr.R3;
import static io.selkie.proofs.field.Fr.borrowOut;
import static io.selkie.proofs.field.Fr.carryOut;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Node-by-node addition and subtraction modulo r over whole stretches of memory: a replica is label
 * plus data, data is replica minus label.
 *
 * <p>A node is 32 little-endian bytes with a value below r; for other values the result is
 * unspecified. Offsets are in bytes and need no alignment. The result may lie exactly on an operand
 * but must not overlap one otherwise. Thread-safe as far as the memory is.
 *
 * <p>The loops hold the whole node's arithmetic because as a method of its own it is too long to be
 * inlined, and then every access checks its segment again.
 */
public final class FrNodes {

  private static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FrNodes() {}

  /**
   * out[i] = a[i] + b[i] mod r for {@code count} nodes.
   *
   * @throws IndexOutOfBoundsException if a stretch leaves its segment
   */
  public static void add(
      MemorySegment a,
      long aOff,
      MemorySegment b,
      long bOff,
      MemorySegment out,
      long outOff,
      long count) {
    checkBounds(a, aOff, b, bOff, out, outOff, count);
    addNodes(a, aOff, b, bOff, out, outOff, count * Fr.BYTES);
  }

  /**
   * out[i] = a[i] − b[i] mod r for {@code count} nodes.
   *
   * @throws IndexOutOfBoundsException if a stretch leaves its segment
   */
  public static void subtract(
      MemorySegment a,
      long aOff,
      MemorySegment b,
      long bOff,
      MemorySegment out,
      long outOff,
      long count) {
    checkBounds(a, aOff, b, bOff, out, outOff, count);
    subtractNodes(a, aOff, b, bOff, out, outOff, count * Fr.BYTES);
  }

  private static void addNodes(
      MemorySegment a,
      long aOff,
      MemorySegment b,
      long bOff,
      MemorySegment out,
      long outOff,
      long bytes) {
    for (long i = 0; i < bytes; i += Fr.BYTES) {
      long x0 = a.get(LONG_LE, aOff + i);
      long x1 = a.get(LONG_LE, aOff + i + 8);
      long x2 = a.get(LONG_LE, aOff + i + 16);
      long y0 = b.get(LONG_LE, bOff + i);
      long y1 = b.get(LONG_LE, bOff + i + 8);
      long y2 = b.get(LONG_LE, bOff + i + 16);
      long s0 = x0 + y0;
      long s1 = x1 + y1 + carryOut(x0, y0, s0);
      long s2 = x2 + y2 + carryOut(x1, y1, s1);
      long s3 =
          a.get(LONG_LE, aOff + i + 24) + b.get(LONG_LE, bOff + i + 24) + carryOut(x2, y2, s2);
      // Below 2r, so one subtraction of r, kept if it did not borrow.
      long d0 = s0 - R0;
      long d1 = s1 - R1 - borrowOut(s0, R0, d0);
      long d2 = s2 - R2 - borrowOut(s1, R1, d1);
      long d3 = s3 - R3 - borrowOut(s2, R2, d2);
      long keep = -borrowOut(s3, R3, d3);
      out.set(LONG_LE, outOff + i, (s0 & keep) | (d0 & ~keep));
      out.set(LONG_LE, outOff + i + 8, (s1 & keep) | (d1 & ~keep));
      out.set(LONG_LE, outOff + i + 16, (s2 & keep) | (d2 & ~keep));
      out.set(LONG_LE, outOff + i + 24, (s3 & keep) | (d3 & ~keep));
    }
  }

  private static void subtractNodes(
      MemorySegment a,
      long aOff,
      MemorySegment b,
      long bOff,
      MemorySegment out,
      long outOff,
      long bytes) {
    for (long i = 0; i < bytes; i += Fr.BYTES) {
      long x0 = a.get(LONG_LE, aOff + i);
      long x1 = a.get(LONG_LE, aOff + i + 8);
      long x2 = a.get(LONG_LE, aOff + i + 16);
      long x3 = a.get(LONG_LE, aOff + i + 24);
      long y0 = b.get(LONG_LE, bOff + i);
      long y1 = b.get(LONG_LE, bOff + i + 8);
      long y2 = b.get(LONG_LE, bOff + i + 16);
      long y3 = b.get(LONG_LE, bOff + i + 24);
      long d0 = x0 - y0;
      long d1 = x1 - y1 - borrowOut(x0, y0, d0);
      long d2 = x2 - y2 - borrowOut(x1, y1, d1);
      long d3 = x3 - y3 - borrowOut(x2, y2, d2);
      // A borrow means a < b: add r back.
      long mask = -borrowOut(x3, y3, d3);
      long m0 = R0 & mask;
      long m1 = R1 & mask;
      long m2 = R2 & mask;
      long s0 = d0 + m0;
      long s1 = d1 + m1 + carryOut(d0, m0, s0);
      long s2 = d2 + m2 + carryOut(d1, m1, s1);
      out.set(LONG_LE, outOff + i, s0);
      out.set(LONG_LE, outOff + i + 8, s1);
      out.set(LONG_LE, outOff + i + 16, s2);
      out.set(LONG_LE, outOff + i + 24, d3 + (R3 & mask) + carryOut(d2, m2, s2));
    }
  }

  private static void checkBounds(
      MemorySegment a,
      long aOff,
      MemorySegment b,
      long bOff,
      MemorySegment out,
      long outOff,
      long count) {
    long bytes = Math.multiplyExact(count, (long) Fr.BYTES);
    Objects.checkFromIndexSize(aOff, bytes, a.byteSize());
    Objects.checkFromIndexSize(bOff, bytes, b.byteSize());
    Objects.checkFromIndexSize(outOff, bytes, out.byteSize());
  }
}
