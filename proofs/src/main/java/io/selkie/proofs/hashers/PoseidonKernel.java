package io.selkie.proofs.hashers;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * A way of computing Poseidon; all of them give the same bits.
 *
 * <p>Implementations outside this module are found with {@link java.util.ServiceLoader} and must
 * load and answer {@link #isPreferred} on any machine, whatever the CPU or the modules present.
 */
public interface PoseidonKernel {

  /** A short name for people, such as {@code scalar} or {@code vector-512}. */
  String name();

  /** Whether this kernel works here and is expected to beat the scalar ones. */
  boolean isPreferred();

  /**
   * Prepares this kernel for one arity and domain tag.
   *
   * @param tag element 0 of the state before the first round, plain value below r
   * @throws UnsupportedOperationException if the kernel does not work on this machine
   */
  Rows prepare(PoseidonConstants constants, BigInteger tag);

  /** A kernel prepared for one arity; thread-safe, each call runs on the caller's thread. */
  interface Rows {

    /**
     * Hashes {@code count} rows of nodes: row i is, for each j below the arity, the 32 bytes of
     * {@code in[j]} at {@code inOffs[j] + i·stride}; its digest goes to {@code outOff + 32·i}.
     *
     * <p>All nodes must be below r. The caller has checked the bounds. The output may overlap the
     * input only as far as a digest replaces nodes of its own or earlier rows.
     */
    void hash(
        MemorySegment[] in, long[] inOffs, long stride, MemorySegment out, long outOff, long count);
  }
}
