package io.selkie.proofs.hashers;

import static io.selkie.proofs.field.Fr.LIMBS;

import io.selkie.proofs.field.Fr;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * Poseidon one hash after another on 64-bit limbs: the twin every faster kernel must equal.
 *
 * <p>State: t elements of four limbs in Montgomery form in one {@code long[]}. It follows the
 * optimised schedule of {@link PoseidonConstants}; the plain definition stands in this module's
 * tests.
 */
public final class PoseidonScalar implements PoseidonKernel {

  /** A kernel without state. */
  public PoseidonScalar() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public boolean isPreferred() {
    return false;
  }

  @Override
  public Rows prepare(PoseidonConstants constants, BigInteger tag) {
    return new ScalarRows(constants, tag);
  }

  private static final class ScalarRows implements Rows {

    private final int width;
    private final int partialRounds;
    private final long[] tag;
    private final long[] compressed;
    private final long[] sparse;

    /** Transposed, so that each output is a dot product of consecutive elements. */
    private final long[] mdsColumns;

    private final long[] preSparseColumns;

    ScalarRows(PoseidonConstants constants, BigInteger tag) {
      this.width = constants.width();
      this.partialRounds = constants.partialRounds();
      this.tag = Fr.limbs(tag);
      Fr.toMontgomery(this.tag, 0, this.tag, 0);
      this.compressed = constants.compressed;
      this.sparse = constants.sparse;
      this.mdsColumns = transpose(constants.mds, width);
      this.preSparseColumns = transpose(constants.preSparse, width);
    }

    @Override
    public void hash(
        MemorySegment[] in,
        long[] inOffs,
        long stride,
        MemorySegment out,
        long outOff,
        long count) {
      long[] state = new long[width * LIMBS];
      long[] mixed = new long[width * LIMBS];
      long[] scratch = new long[LIMBS];
      for (long row = 0; row < count; row++) {
        System.arraycopy(tag, 0, state, 0, LIMBS);
        for (int j = 1; j < width; j++) {
          Fr.read(in[j - 1], inOffs[j - 1] + row * stride, state, j * LIMBS);
          Fr.toMontgomery(state, j * LIMBS, state, j * LIMBS);
        }
        permute(state, mixed, scratch);
        Fr.fromMontgomery(state, LIMBS, scratch, 0);
        Fr.write(scratch, 0, out, outOff + row * Fr.BYTES);
      }
    }

    /** Leaves the digest, element 1, in {@code state}; its other elements are of no use then. */
    private void permute(long[] state, long[] mixed, long[] scratch) {
      int rowLength = width * LIMBS;
      addRow(state, 0);
      int constant = rowLength;
      int half = PoseidonConstants.HALF_FULL_ROUNDS;
      for (int round = 0; round < half; round++) {
        powers(state, scratch);
        addRow(state, constant);
        constant += rowLength;
        mix(state, mixed, round == half - 1 ? preSparseColumns : mdsColumns);
      }
      for (int round = 0; round < partialRounds; round++) {
        Fr.pow5(state, 0, state, 0, scratch);
        Fr.add(state, 0, compressed, constant, state, 0);
        constant += LIMBS;
        mixSparse(state, round * (2 * width - 1) * LIMBS, scratch);
      }
      for (int round = 0; round < half - 1; round++) {
        powers(state, scratch);
        addRow(state, constant);
        constant += rowLength;
        mix(state, mixed, mdsColumns);
      }
      powers(state, scratch);
      Fr.dot(state, 0, mdsColumns, rowLength, width, state, LIMBS);
    }

    private void addRow(long[] state, int constant) {
      for (int i = 0; i < width * LIMBS; i += LIMBS) {
        Fr.add(state, i, compressed, constant + i, state, i);
      }
    }

    private void powers(long[] state, long[] scratch) {
      for (int i = 0; i < width * LIMBS; i += LIMBS) {
        Fr.pow5(state, i, state, i, scratch);
      }
    }

    private void mix(long[] state, long[] mixed, long[] columns) {
      for (int j = 0; j < width; j++) {
        Fr.dot(state, 0, columns, j * width * LIMBS, width, mixed, j * LIMBS);
      }
      System.arraycopy(mixed, 0, state, 0, width * LIMBS);
    }

    /** new_0 = s · first column; new_j = s_j + s_0·v_{j−1}. */
    private void mixSparse(long[] state, int matrix, long[] scratch) {
      int row = matrix + width * LIMBS;
      long first0 = state[0];
      long first1 = state[1];
      long first2 = state[2];
      long first3 = state[3];
      Fr.dot(state, 0, sparse, matrix, width, scratch, 0);
      long new0 = scratch[0];
      long new1 = scratch[1];
      long new2 = scratch[2];
      long new3 = scratch[3];
      state[0] = first0;
      state[1] = first1;
      state[2] = first2;
      state[3] = first3;
      for (int j = 1; j < width; j++) {
        Fr.mul(state, 0, sparse, row + (j - 1) * LIMBS, scratch, 0);
        Fr.add(state, j * LIMBS, scratch, 0, state, j * LIMBS);
      }
      state[0] = new0;
      state[1] = new1;
      state[2] = new2;
      state[3] = new3;
    }

    private static long[] transpose(long[] matrix, int width) {
      long[] transposed = new long[matrix.length];
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          System.arraycopy(
              matrix, (i * width + j) * LIMBS, transposed, (j * width + i) * LIMBS, LIMBS);
        }
      }
      return transposed;
    }
  }
}
