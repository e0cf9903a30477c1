package io.selkie.proofs.simd;

import static io.selkie.proofs.simd.FrLanes.LANES;
import static io.selkie.proofs.simd.FrLanes.LIMB_BITS;
import static io.selkie.proofs.simd.FrLanes.LIMB_MASK;

import io.selkie.proofs.field.Fr;
import io.selkie.proofs.hashers.PoseidonBlocks;
import io.selkie.proofs.hashers.PoseidonConstants;
import io.selkie.proofs.hashers.PoseidonDeferred;
import io.selkie.proofs.hashers.PoseidonKernel;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicInteger;

/** Poseidon on {@link FrLanes#LANES} rows at a time, one row a lane. */
final class PoseidonLanes extends PoseidonBlocks {

  /** A batch of fewer rows than this is hashed faster one by one. */
  private static final int LEAST_ROWS = 2;

  /** A call of so many rows is worth the time until the kernels are compiled. */
  private static final int LARGE_CALL_ROWS = 512;

  private final PoseidonKernel.Rows scalar;

  /** Rows that small calls may still give to the scalar twin. */
  private final AtomicInteger coldRows;

  PoseidonLanes(PoseidonConstants constants, BigInteger tag, int blockRounds, int coldRows) {
    super(constants, tag, LANES, FrLanes.LIMBS, LIMB_BITS, blockRounds);
    this.scalar = new PoseidonDeferred().prepare(constants, tag);
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
      super.hash(in, inOffs, stride, out, outOff, byLanes);
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

  @Override
  protected void mul(long[] s, int a, int b, long[] constants, int c, int out) {
    FrLanes.mul(s, a, b, constants, c, out);
  }

  @Override
  protected void dot(long[] s, int terms, int n, long[] constants, int c, int addend, int out) {
    FrLanes.dot(s, terms, n, constants, c, FrLanes.foldRows(n), addend, out);
  }

  @Override
  protected void scatter(long[] node, long[] s, int at) {
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

  @Override
  protected void gather(long[] s, int at, long[] node) {
    long l2 = s[at + 2 * LANES];
    long l4 = s[at + 4 * LANES];
    long l6 = s[at + 6 * LANES];
    node[0] = s[at] | (s[at + LANES] << LIMB_BITS) | (l2 << 58);
    node[1] = (l2 >>> 6) | (s[at + 3 * LANES] << 23) | (l4 << 52);
    node[2] = (l4 >>> 12) | (s[at + 5 * LANES] << 17) | (l6 << 46);
    node[3] = (l6 >>> 18) | (s[at + 7 * LANES] << 11) | (s[at + 8 * LANES] << 40);
  }
}
