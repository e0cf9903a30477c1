package io.selkie.proofs.hashers;

import io.selkie.proofs.field.Fr;
import java.math.BigInteger;

/**
 * Poseidon's optimised schedule with the partial rounds in blocks, and constants in limbs of any
 * size.
 *
 * <p>In a partial round only element 0 passes the S-box; with h its value after S-box and constant,
 * new_0 = h·m + Σ s_j·ŵ_j and new_j = s_j + h·v_j. Over a block of B rounds the other elements need
 * not be brought up to date: s_j before round b is s_j at the start plus Σ h_b'·v_b'j over the b'
 * before b, so new_0 in round b is one sum over h_b, the earlier h_b' with coefficients Σ_j
 * v_b'j·ŵ_bj, and the s_j of the block's start. At its end each s_j takes one sum of B products.
 * That is one reduction per block and element in place of one per round and element.
 *
 * <p>Round 0 works on plain values: three products leave x^5·ρ^−4, so its constants are scaled by
 * ρ^−4 and its matrix by ρ^6, which lands in Montgomery form x·ρ. The last matrix column is plain,
 * which leaves Montgomery form. No conversions remain.
 *
 * <p>The arrays are read by {@link PoseidonBlocks}. ρ is 2 to the bits of an element.
 */
final class BlockSchedule {

  private static final BigInteger R = Fr.MODULUS;
  private static final BigInteger FIVE = BigInteger.valueOf(5);
  private static final int FULL = PoseidonConstants.FULL_ROUNDS;

  /** Longs of a constant. */
  final int limbs;

  final int width;
  final int partialRounds;

  /** B: partial rounds in a block; the last block may be shorter. */
  final int blockRounds;

  private final int limbBits;
  private final BigInteger rho;

  /** c_0 as four 64-bit limbs an element, for the scalar additions at the start. */
  final long[] first;

  /** Element 0 after round 0's S-box and constant: the tag makes it the same in every hash. */
  final long[] firstElement;

  /** Constants after the S-boxes of round 0, 1, 2, …, in order of use; then one zero. */
  final long[] keys;

  /** Matrices as columns: round 0's M·ρ^6, M·ρ, S*·ρ, then M's column 1 plain. */
  final long[] columns;

  /**
   * For each block, for each of its rounds b: coefficients of h_b, h_{b−1}, …, h_0, s_1, …; then
   * for each s_j: coefficients of the last h, …, h_0.
   */
  final long[] blocks;

  BlockSchedule(
      PoseidonConstants constants, BigInteger tag, int limbs, int limbBits, int blockRounds) {
    this.limbs = limbs;
    this.limbBits = limbBits;
    this.rho = BigInteger.ONE.shiftLeft(limbs * limbBits).mod(R);
    this.width = constants.width();
    this.partialRounds = constants.partialRounds();
    this.blockRounds = blockRounds;
    BigInteger[] compressed = values(constants.compressedConstants());
    this.first = constants.compressedConstants();
    BigInteger rhoToMinus4 = rho.modPow(BigInteger.valueOf(-4), R);
    this.keys = keys(compressed, rhoToMinus4);
    this.firstElement = new long[limbs];
    BigInteger fifth = tag.add(compressed[0]).modPow(FIVE, R).add(compressed[width]);
    split(fifth.multiply(rhoToMinus4), firstElement, 0);
    this.columns = columns(values(constants.mixingMatrix()), values(constants.preSparseMatrix()));
    this.blocks = blocks(values(constants.sparseMatrices()));
  }

  /** Where in {@link #columns} column j of matrix number i (0 to 2) starts; 3, 0 is the last. */
  int column(int matrix, int j) {
    return (matrix * width + j) * width * limbs;
  }

  private long[] keys(BigInteger[] compressed, BigInteger rhoToMinus4) {
    int count = (FULL - 1) * width + partialRounds;
    long[] keys = new long[(count + 1) * limbs];
    for (int i = 0; i < count; i++) {
      BigInteger scale = i < width ? rhoToMinus4 : rho;
      split(compressed[width + i].multiply(scale), keys, i * limbs);
    }
    return keys;
  }

  private long[] columns(BigInteger[] mixing, BigInteger[] preSparse) {
    long[] columns = new long[(3 * width + 1) * width * limbs];
    BigInteger rhoTo6 = rho.modPow(BigInteger.valueOf(6), R);
    for (int j = 0; j < width; j++) {
      for (int i = 0; i < width; i++) {
        BigInteger m = mixing[i * width + j];
        split(m.multiply(rhoTo6), columns, column(0, j) + i * limbs);
        split(m.multiply(rho), columns, column(1, j) + i * limbs);
        BigInteger s = preSparse[i * width + j];
        split(s.multiply(rho), columns, column(2, j) + i * limbs);
        if (j == 1) {
          split(m, columns, column(3, 0) + i * limbs);
        }
      }
    }
    return columns;
  }

  private long[] blocks(BigInteger[] sparse) {
    int stride = 2 * width - 1;
    int terms = 0;
    for (int start = 0; start < partialRounds; start += blockRounds) {
      int rounds = Math.min(blockRounds, partialRounds - start);
      terms += rounds * (width + width - 1) + rounds * (rounds - 1) / 2;
    }
    long[] blocks = new long[terms * limbs];
    int at = 0;
    for (int start = 0; start < partialRounds; start += blockRounds) {
      int rounds = Math.min(blockRounds, partialRounds - start);
      for (int b = 0; b < rounds; b++) {
        int matrix = (start + b) * stride;
        at = put(sparse[matrix], blocks, at);
        for (int earlier = b - 1; earlier >= 0; earlier--) {
          BigInteger sum = BigInteger.ZERO;
          int row = (start + earlier) * stride + width;
          for (int j = 1; j < width; j++) {
            sum = sum.add(sparse[row + j - 1].multiply(sparse[matrix + j]));
          }
          at = put(sum, blocks, at);
        }
        for (int j = 1; j < width; j++) {
          at = put(sparse[matrix + j], blocks, at);
        }
      }
      for (int j = 1; j < width; j++) {
        for (int b = rounds - 1; b >= 0; b--) {
          at = put(sparse[(start + b) * stride + width + j - 1], blocks, at);
        }
      }
    }
    return blocks;
  }

  /** Stores value·ρ and returns where the next one goes. */
  private int put(BigInteger value, long[] out, int at) {
    split(value.multiply(rho), out, at);
    return at + limbs;
  }

  /** The limbs of the value modulo r. */
  private void split(BigInteger value, long[] out, int at) {
    BigInteger reduced = value.mod(R);
    long mask = (1L << limbBits) - 1;
    for (int k = 0; k < limbs; k++) {
      out[at + k] = reduced.shiftRight(limbBits * k).longValue() & mask;
    }
  }

  private static BigInteger[] values(long[] limbs) {
    BigInteger[] values = new BigInteger[limbs.length / Fr.LIMBS];
    for (int i = 0; i < values.length; i++) {
      values[i] = Fr.value(limbs, i * Fr.LIMBS);
    }
    return values;
  }
}
